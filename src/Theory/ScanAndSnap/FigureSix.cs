namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// The published means behind figure 6 of "Scan and Snap": entropy in nats of attention over a class's distinct tokens after 100 steps on
/// Syn-Medium, mean of 10 seeds (the authors' <c>figure_6_data.pkl</c>).
/// </summary>
public static class FigureSix
{
    private static readonly double[,,] Means =
    {
        {
            { 1.971, 2.007, 2.066, 2.092 }, { 1.871, 1.937, 2.022, 2.053 }, { 1.699, 1.810, 1.934, 1.900 }, { 1.551, 1.708, 1.786, 1.825 },
        },
        {
            { 2.019, 1.988, 2.031, 2.063 }, { 1.963, 1.920, 1.982, 2.024 }, { 1.842, 1.809, 1.899, 1.955 }, { 1.737, 1.715, 1.821, 1.839 },
        },
        {
            { 2.026, 1.994, 2.020, 2.055 }, { 1.995, 1.931, 1.971, 2.014 }, { 1.906, 1.816, 1.884, 1.926 }, { 1.817, 1.718, 1.802, 1.831 },
        },
        {
            { 2.033, 2.012, 2.018, 2.051 }, { 2.027, 1.975, 1.976, 2.015 }, { 1.990, 1.888, 1.899, 1.947 }, { 1.940, 1.805, 1.829, 1.875 },
        },
    };

    // Of panel 1/2: the standard deviations over seeds at the lowest and the highest ratio.
    private static readonly (double Lowest, double Highest)[] Deviations = [(0.028, 0.016), (0.052, 0.030), (0.101, 0.200), (0.155, 0.331)];

    /// <summary>The figure's panels: numbers of query tokens, each with two next tokens.</summary>
    public static IReadOnlyList<int> Queries { get; } = [1, 3, 5, 10];

    /// <summary>The attention rates η_Z.</summary>
    public static IReadOnlyList<double> EtaZ { get; } = [0.5, 1, 2, 3];

    /// <summary>The ratios η_Y/η_Z.</summary>
    public static IReadOnlyList<double> Ratios { get; } = [1, 2, 5, 10];

    /// <summary>The published mean of one cell, in nats.</summary>
    /// <exception cref="ArgumentException">A value that the figure does not have.</exception>
    public static double Published(int queries, double etaZ, double ratio) =>
        Means[Position(Queries, queries, nameof(queries)), Position(EtaZ, etaZ, nameof(etaZ)), Position(Ratios, ratio, nameof(ratio))];

    /// <summary>The published standard deviation of one cell over its 10 seeds, in nats; null where only the mean is known, which is
    /// everywhere but at the ends of the rows of one query token.</summary>
    /// <exception cref="ArgumentException">A value that the figure does not have.</exception>
    public static double? PublishedDeviation(int queries, double etaZ, double ratio)
    {
        _ = Position(Queries, queries, nameof(queries));
        var (lowest, highest) = Deviations[Position(EtaZ, etaZ, nameof(etaZ))];
        var place = Position(Ratios, ratio, nameof(ratio));
        return queries != 1 ? null : place == 0 ? lowest : place == Ratios.Count - 1 ? highest : null;
    }

    /// <summary>Trains one run of the figure and returns its entropy in nats: 100 steps of SGD with momentum 0.9 on batches of 128 contexts of
    /// 127 tokens, from tables uniform in ±1/√M.</summary>
    /// <param name="queries">Query tokens, any positive number.</param>
    /// <param name="etaZ">η_Z.</param>
    /// <param name="ratio">η_Y/η_Z.</param>
    /// <param name="seed">Fixes the start and every batch.</param>
    /// <param name="shuffleTargets">Whether to train on targets that contexts tell nothing about: a control.</param>
    /// <param name="cancellation">Stops the run.</param>
    public static double Run(
        int queries, double etaZ, double ratio, int seed, bool shuffleTargets = false, CancellationToken cancellation = default)
    {
        var data = SequenceClasses.SynMedium(queries);
        var model = ScanSnapModel.Uniform(data.Vocabulary, seed);
        var trainer = new ScanSnapTrainer
        {
            DecoderRule = UpdateRule.Sgd(ratio * etaZ, momentum: 0.9),
            AttentionRule = UpdateRule.Sgd(etaZ, momentum: 0.9),
            Steps = 100,
            ShuffleTargets = shuffleTargets,
        };
        trainer.RunSampled(model, data, ~(long)seed, cancellation); // Another stream than the start's.
        return AttentionMap.DistinctEntropy(data, model);
    }

    private static int Position<T>(IReadOnlyList<T> values, T value, string name)
    {
        for (var i = 0; i < values.Count; i++)
            if (EqualityComparer<T>.Default.Equals(values[i], value))
                return i;
        throw new ArgumentException($"{name}: got {value}, needs one of {string.Join(", ", values)}.", name);
    }
}
