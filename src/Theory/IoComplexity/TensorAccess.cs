namespace Attn.Theory.IoComplexity;

/// <summary>A tensor as an Einsum reads or writes it.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Indices">Its indices, in the order of its dimensions.</param>
public sealed record TensorAccess(string Tensor, IReadOnlyList<RankIndex> Indices)
{
    /// <summary>What the index of a rank runs over; null where the tensor has none.</summary>
    public RankPoint? At(string rank)
    {
        foreach (var index in Indices)
            if (index.Rank == rank)
                return index.Point;
        return null;
    }

    /// <summary>The access as it is written.</summary>
    public override string ToString() => $"{Tensor}[{string.Join(",", Indices)}]";
}
