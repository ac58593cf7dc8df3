using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Runs a stream-K schedule. The workers of a GPU run at once, and a host waits for its helpers' scratch; here they run one after another,
/// so all partial results come first and the hosts' merges afterwards, in the order of the workers.
/// </summary>
internal static class LeanExecutor
{
    /// <summary>Output and LSE of each problem; none is differentiable.</summary>
    /// <param name="problems">One an output: its query rows, keys and values.</param>
    /// <param name="workers">Workers.</param>
    public static IReadOnlyList<(Tensor Output, Tensor LogSumExp)> Run(IReadOnlyList<Tiles> problems, int workers)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var schedule = LeanSchedule.Plan([.. problems.Select(problem => problem.Columns.Count())], workers);
        var hosts = new SoftmaxPartial[problems.Count];
        // A worker is a helper in its first segment at most, so one place of scratch a worker is enough.
        var scratch = new (int Output, SoftmaxPartial Partial)?[workers];
        for (var worker = 0; worker < workers; worker++)
            foreach (var segment in schedule.Segments[worker])
            {
                var partial = Partial(problems[segment.Output], segment);
                if (segment.IsHost)
                    hosts[segment.Output] = partial;
                else
                    scratch[worker] = (segment.Output, partial);
            }
        foreach (var (output, partial) in scratch.OfType<(int, SoftmaxPartial)>())
            hosts[output] = hosts[output].Merge(partial);
        return [.. hosts.Select((host, i) => (
            host.Finish().to(problems[i].Q.dtype).MoveToOuterDisposeScope(),
            host.LogSumExp().MoveToOuterDisposeScope()))];
    }

    private static SoftmaxPartial Partial(Tiles problem, LeanSegment segment)
    {
        var rows = problem.Rows.Single();
        var q = problem.Q.Widen();
        return problem.Columns.Take(segment.Begin..segment.End)
            .Select(column => SoftmaxPartial.Of(problem.Scores(q, column.Of(problem.K).Widen(), rows, column), column.Of(problem.V).Widen()))
            .Aggregate((sofar, next) => sofar.Merge(next));
    }
}
