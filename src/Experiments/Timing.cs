namespace Attn.Experiments;

/// <summary>
/// Times of repeated runs, as processor time of this process: what a clock would show on an idle machine for work on one thread, and little
/// disturbed by what else a shared one does.
/// </summary>
public static class Timing
{
    /// <summary>The median time of a run, after one that is not counted.</summary>
    /// <param name="run">What is timed; work on several threads counts in full.</param>
    /// <param name="repeats">Counted runs.</param>
    /// <returns>Seconds.</returns>
    /// <exception cref="ArgumentException">Fewer than one repeat.</exception>
    public static double Median(Action run, int repeats = 3) => Medians([run], repeats)[0];

    /// <summary>
    /// The median times of several runs that are to be compared. They take turns, so that a machine that is slower for a while is so for
    /// all of them.
    /// </summary>
    /// <param name="runs">What is timed.</param>
    /// <param name="repeats">Counted rounds, after one that is not counted.</param>
    /// <returns>Seconds, in the order of <paramref name="runs"/>.</returns>
    /// <exception cref="ArgumentException">Fewer than one repeat.</exception>
    public static double[] Medians(IReadOnlyList<Action> runs, int repeats = 3)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (repeats < 1)
            throw new ArgumentException($"repeats: got {repeats}, needs at least 1.", nameof(repeats));
        foreach (var run in runs)
            run();
        var rounds = Enumerable.Range(0, repeats).Select(_ => runs.Select(Once).ToArray()).ToArray();
        return [.. runs.Select((_, i) => Middle([.. rounds.Select(round => round[i]).Order()]))];
    }

    /// <summary>The exponent p of the power law y ∝ xᵖ that fits best on logarithmic axes.</summary>
    /// <param name="x">At least two different positive numbers.</param>
    /// <param name="y">As many positive numbers.</param>
    /// <exception cref="ArgumentException">They are not as many, or fewer than two.</exception>
    public static double Exponent(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count || x.Count < 2)
            throw new ArgumentException($"y: got {y.Count} values for {x.Count} places in x, needs as many, and at least 2.", nameof(y));
        var (meanX, meanY) = (x.Average(Math.Log), y.Average(Math.Log));
        var pairs = x.Zip(y, (a, b) => (X: Math.Log(a) - meanX, Y: Math.Log(b) - meanY)).ToArray();
        return pairs.Sum(pair => pair.X * pair.Y) / pairs.Sum(pair => pair.X * pair.X);
    }

    private static double Middle(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    private static double Once(Action run)
    {
        var before = Environment.CpuUsage.TotalTime;
        run();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
