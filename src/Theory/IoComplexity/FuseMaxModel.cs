namespace Attn.Theory.IoComplexity;

/// <summary>
/// The latency of the one-pass cascade on FuseMax's accelerator, in closed form: a square array of S × S processing elements for what has both
/// queries and keys, and a row of S for what has queries alone. Each tile of S × S scores takes four phases, in which both work at once; an exponential
/// is six multiply-adds and a subtraction. Derived from arXiv 2406.10491, §5, and equal to its artifact's figures.
/// </summary>
public sealed record FuseMaxModel
{
    private const int Exponential = 7;

    /// <summary>S.</summary>
    public int Side { get; init => field = AttentionWorkload.Positive(value, nameof(Side)); } = 256;

    /// <summary>Cycles a second.</summary>
    public double Frequency { get; init; } = 940e6;

    /// <summary>What each Einsum takes for one tile, in the order of the phases.</summary>
    /// <param name="workload">The attention.</param>
    /// <param name="length">n, tokens.</param>
    public IReadOnlyList<ArrayStep> Steps(AttentionWorkload workload, int length)
    {
        ArgumentNullException.ThrowIfNull(workload);
        AttentionWorkload.Positive(length, nameof(length));
        double e = workload.Depth, f = workload.ValueDepth;
        return
        [
            // While a tile's scores are made, the row finishes the tile before it; the last division falls on each S keys alike.
            new("QK", true, 0, e), new("LM", true, 0, 1), new("RD", false, 0, 1), new("RNV", false, 0, f), new("AV", false, 0, f * Side / length),
            new("RM", false, 1, 1),
            new("SLN", true, 2, Exponential), new("SLD", true, 2, 1), new("PRM", false, 2, Exponential), new("SPD", false, 2, 1),
            new("SLNV", true, 3, f), new("SPNV", false, 3, f),
        ];
    }

    /// <summary>Seconds for a layer's attention.</summary>
    /// <param name="workload">The attention.</param>
    /// <param name="length">n, tokens.</param>
    public double Latency(AttentionWorkload workload, int length) =>
        Tiles(workload, length) * Steps(workload, length).GroupBy(step => step.Phase).Sum(phase => Math.Max(Cycles(phase, true), Cycles(phase, false))) / Frequency;

    /// <summary>The part of that time in which the square array works.</summary>
    /// <inheritdoc cref="Latency"/>
    public double Utilisation2D(AttentionWorkload workload, int length) =>
        Tiles(workload, length) * Cycles(Steps(workload, length), true) / (Latency(workload, length) * Frequency);

    /// <summary>Tiles of scores, over batch and heads: BH(n/S)², parts of them counted as parts.</summary>
    internal double Tiles(AttentionWorkload workload, int length) => (double)workload.Batch * workload.Heads * length / Side * length / Side;

    private static double Cycles(IEnumerable<ArrayStep> steps, bool square) => steps.Where(step => step.OnSquare == square).Sum(step => step.Cycles);
}

/// <summary>One Einsum on one tile.</summary>
/// <param name="Einsum">Which.</param>
/// <param name="OnSquare">Whether on the square array, else on the row.</param>
/// <param name="Phase">In which of the four phases, from 0.</param>
/// <param name="Cycles">How long.</param>
public sealed record ArrayStep(string Einsum, bool OnSquare, int Phase, double Cycles);
