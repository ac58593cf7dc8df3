namespace Attn.Experiments;

/// <summary>Repeats an experiment over seeds, on all cores.</summary>
public static class Runs
{
    /// <summary>Runs <paramref name="experiment"/> once a seed, in parallel; results come in the order of the seeds.</summary>
    /// <param name="seeds">The seeds.</param>
    /// <param name="experiment">One run; it must share nothing with the others.</param>
    /// <param name="cancellation">Stops before the next run.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static T[] Over<T>(IReadOnlyList<int> seeds, Func<int, T> experiment, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentNullException.ThrowIfNull(experiment);
        using var pause = new CollectionPause();
        var results = new T[seeds.Count];
        try
        {
            Parallel.For(0, seeds.Count, new ParallelOptions { CancellationToken = cancellation }, i => results[i] = experiment(seeds[i]));
        }
        catch (AggregateException several) when (several.InnerExceptions.Count > 0)
        {
            // The run that failed says more than the loop around it.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        return results;
    }

    /// <summary>
    /// Runs seeds <paramref name="seed"/>, <paramref name="seed"/> + 1, … until the mean is known to within <paramref name="standardError"/>, by the
    /// spread of the runs so far: at least <paramref name="least"/> of them, at most <paramref name="most"/>.
    /// </summary>
    /// <exception cref="ArgumentException">Fewer than two runs at least, fewer at most than at least, or an error that is not positive.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Sample UntilPrecise(
        int seed, Func<int, double> experiment, double standardError, int least, int most, CancellationToken cancellation = default)
    {
        if (least < 2)
            throw new ArgumentException($"least: got {least}, needs at least 2.", nameof(least));
        if (most < least)
            throw new ArgumentException($"most: got {most}, needs at least {least}.", nameof(most));
        if (!(standardError > 0))
            throw new ArgumentException($"standardError: got {standardError}, needs a number above 0.", nameof(standardError));

        var sample = new Sample(Over(Seeds.From(seed, least), experiment, cancellation));
        while (sample.Count < most && sample.StandardError > standardError)
        {
            var needed = Math.Ceiling(Math.Pow(sample.StandardDeviation / standardError, 2));
            var next = (int)Math.Clamp(needed, sample.Count + 1, Math.Min(most, 2 * sample.Count)); // The first spread is a rough guess.
            sample = new([.. sample.Values, .. Over(Seeds.From(seed + sample.Count, next - sample.Count), experiment, cancellation)]);
        }

        return sample;
    }
}
