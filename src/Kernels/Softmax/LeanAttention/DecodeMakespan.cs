namespace Attn.Kernels;

/// <summary>
/// How long one decoding step takes, in tiles, when its outputs (sequence × key-value head) of equally many tiles are shared out to the
/// multiprocessors of a GPU: what the strategies of decoding kernels differ in. Launches, reductions and memory are left out.
/// </summary>
public static class DecodeMakespan
{
    /// <summary>FlashAttention-2: one multiprocessor an output.</summary>
    /// <param name="outputs">Outputs, at least 1.</param>
    /// <param name="tiles">Tiles of each, at least 1.</param>
    /// <param name="processors">S, multiprocessors, at least 1.</param>
    public static int PerOutput(int outputs, int tiles, int processors) => FixedSplit(outputs, tiles, processors, 1);

    /// <summary>FlashDecoding: every output in as many parts, ⌈outputs·s/S⌉·⌈tiles/s⌉.</summary>
    /// <param name="outputs">Outputs, at least 1.</param>
    /// <param name="tiles">Tiles of each, at least 1.</param>
    /// <param name="processors">S, multiprocessors, at least 1.</param>
    /// <param name="parts">s, parts of each output, at least 1.</param>
    public static int FixedSplit(int outputs, int tiles, int processors, int parts)
    {
        Check(outputs, tiles, processors);
        Arguments.Positive(parts, nameof(parts));
        return Up(outputs * parts, processors) * Up(tiles, parts);
    }

    /// <summary>LeanAttention: equal shares of all tiles, ⌈outputs·tiles/S⌉.</summary>
    /// <inheritdoc cref="PerOutput"/>
    public static int StreamK(int outputs, int tiles, int processors)
    {
        Check(outputs, tiles, processors);
        return Up(outputs * tiles, processors);
    }

    /// <summary>
    /// The number of parts that FlashDecoding takes: the least whose last wave of multiprocessors is nearly as full (85 %) as that of the best, among
    /// those that make the parts shorter.
    /// </summary>
    /// <inheritdoc cref="PerOutput"/>
    public static int Parts(int outputs, int tiles, int processors)
    {
        Check(outputs, tiles, processors);
        var useful = Enumerable.Range(1, Math.Min(tiles, processors)).Where(s => s == 1 || Up(tiles, s) != Up(tiles, s - 1)).ToArray();
        double Efficiency(int parts) => (double)outputs * parts / processors / Up(outputs * parts, processors);
        var best = useful.Max(Efficiency);
        return useful.First(parts => Efficiency(parts) >= 0.85 * best);
    }

    /// <summary>The share of the multiprocessors' time that is spent on tiles.</summary>
    /// <param name="outputs">Outputs, at least 1.</param>
    /// <param name="tiles">Tiles of each, at least 1.</param>
    /// <param name="processors">S, multiprocessors, at least 1.</param>
    /// <param name="makespan">What one of the strategies takes.</param>
    public static double Occupancy(int outputs, int tiles, int processors, int makespan) => (double)outputs * tiles / processors / makespan;

    private static void Check(int outputs, int tiles, int processors)
    {
        Arguments.Positive(outputs, nameof(outputs));
        Arguments.Positive(tiles, nameof(tiles));
        Arguments.Positive(processors, nameof(processors));
    }

    private static int Up(int number, int by) => (number + by - 1) / by;
}
