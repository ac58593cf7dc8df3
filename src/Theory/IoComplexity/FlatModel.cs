namespace Attn.Theory.IoComplexity;

/// <summary>
/// FLAT, the fused three-pass baseline of arXiv 2406.10491: matrix products on the square array, softmax on the row of S elements at four cycles
/// a score, which is what limits it while a row of scores fits its buffer.
/// </summary>
public sealed record FlatModel
{
    private const double CyclesPerScore = 4;

    /// <summary>S.</summary>
    public int Side { get; init => field = AttentionWorkload.Positive(value, nameof(Side)); } = 256;

    /// <summary>Cycles a second.</summary>
    public double Frequency { get; init; } = 940e6;

    /// <summary>Seconds for a layer's attention while softmax is what limits it, up to 64K tokens: 4BHn²/(S·f).</summary>
    /// <param name="workload">The attention.</param>
    /// <param name="length">n, tokens.</param>
    public double Latency(AttentionWorkload workload, int length)
    {
        ArgumentNullException.ThrowIfNull(workload);
        AttentionWorkload.Positive(length, nameof(length));
        return CyclesPerScore * workload.Batch * workload.Heads * length * length / Side / Frequency;
    }

    /// <summary>The part of that time in which the square array works: E + F cycles a tile of S × S scores.</summary>
    /// <param name="workload">The attention.</param>
    public double Utilisation2D(AttentionWorkload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return (workload.Depth + workload.ValueDepth) / (CyclesPerScore * Side);
    }
}
