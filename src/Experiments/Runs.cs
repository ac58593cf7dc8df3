using System.Collections.Concurrent;

namespace Attn.Experiments;

/// <summary>Repeats an experiment over seeds, or over whatever differs from run to run, on all cores.</summary>
public static class Runs
{
    /// <summary>Runs <paramref name="experiment"/> once an item, in parallel; results come in the order of the items.</summary>
    /// <param name="items">The seeds, or what else a run is of.</param>
    /// <param name="experiment">One run; it must share nothing with the others.</param>
    /// <param name="cancellation">Stops before the next run.</param>
    /// <param name="done">Told, from any thread, how many runs have ended.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static T[] Over<TItem, T>(
        IReadOnlyList<TItem> items, Func<TItem, T> experiment, CancellationToken cancellation = default, Action<int>? done = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(experiment);
        using var pause = new CollectionPause();
        var (results, ended) = (new T[items.Count], 0);
        try
        {
            // A core takes one run at a time: with several in hand it would keep the other waiting at the end.
            var places = Partitioner.Create(Enumerable.Range(0, items.Count), EnumerablePartitionerOptions.NoBuffering);
            Parallel.ForEach(places, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                results[i] = experiment(items[i]);
                done?.Invoke(Interlocked.Increment(ref ended));
            });
        }
        catch (AggregateException several) when (several.InnerExceptions.Count > 0)
        {
            // The run that failed says more than the loop around it.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        return results;
    }

    /// <summary>Runs every item with every seed, all of them in one parallel loop, so that no core waits between two items.</summary>
    /// <param name="items">What is compared, such as models.</param>
    /// <param name="seeds">The seeds of each; at least one.</param>
    /// <param name="experiment">One run; it must share nothing with the others.</param>
    /// <param name="cancellation">Stops before the next run.</param>
    /// <param name="done">Told, from any thread, how many runs have ended.</param>
    /// <returns>The runs of each item, in the order of the seeds.</returns>
    /// <exception cref="ArgumentException">No seed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static T[][] OverAll<TItem, T>(
        IReadOnlyList<TItem> items, IReadOnlyList<int> seeds, Func<TItem, int, T> experiment, CancellationToken cancellation = default, Action<int>? done = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentNullException.ThrowIfNull(experiment);
        if (seeds.Count == 0)
            throw new ArgumentException("seeds: got none, needs at least one.", nameof(seeds));
        (TItem Item, int Seed)[] runs = [.. from item in items from seed in seeds select (item, seed)];
        return [.. Over(runs, run => experiment(run.Item, run.Seed), cancellation, done).Chunk(seeds.Count)];
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
