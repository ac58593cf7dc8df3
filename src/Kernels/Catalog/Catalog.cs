namespace Attn.Kernels;

/// <summary>Every mechanism there is, one row each: the only list.</summary>
public static class Catalog
{
    /// <summary>The rows, in order of their family and id.</summary>
    public static IReadOnlyList<AttentionMechanism> Rows { get; } = [];

    /// <summary>The row with that id.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the closest ids.</exception>
    public static AttentionMechanism Find(string id) => Rows.FirstOrDefault(row => row.Id == id)
        ?? throw new ArgumentException($"id: no mechanism '{id}'; the catalogue has {string.Join(", ", Rows.Select(row => row.Id))}.", nameof(id));
}
