namespace Attn.Theory.CostModel;

/// <summary>Several devices of one kind that share their work evenly.</summary>
/// <param name="Count">How many, at least 1.</param>
/// <param name="Kind">Which.</param>
public sealed record Devices(int Count, Accelerator Kind)
{
    /// <summary>How many.</summary>
    public int Count { get; } = Count >= 1 ? Count : throw new ArgumentException($"Count: got {Count}, needs at least 1.", nameof(Count));

    /// <summary>Operations a second, together.</summary>
    public double Flops => Count * Kind.Flops;

    /// <summary>Bytes, together.</summary>
    public double Memory => Count * Kind.Memory;

    /// <summary>Bytes a second, together.</summary>
    public double Bandwidth => Count * Kind.Bandwidth;

    /// <summary>What an hour of all costs.</summary>
    public double DollarsPerHour => Count * Kind.DollarsPerHour;
}
