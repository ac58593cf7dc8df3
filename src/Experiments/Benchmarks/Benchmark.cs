using Attn.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Times mechanisms of the catalogue side by side.</summary>
public static class Benchmark
{
    private const long Seed = 1;

    /// <summary>A share of the machine's memory that a call may be expected to take, and no more.</summary>
    private const double MemoryShare = 0.5;

    /// <summary>
    /// Times every mechanism at every length, shortest first, the mechanisms by turns at each length. Past the length at which a mechanism's
    /// next call can be expected to take longer than <paramref name="patience"/>, or more than half the memory, it is skipped, and the result says so.
    /// </summary>
    /// <param name="mechanisms">Rows with the form of each that is timed.</param>
    /// <param name="lengths">Tokens, in any order.</param>
    /// <param name="shape">Batch, heads and widths; its lengths do not count.</param>
    /// <param name="mode">What is timed.</param>
    /// <param name="causal">Whether a token sees only what came before it.</param>
    /// <param name="dtype">The dtype of the tensors.</param>
    /// <param name="device">Where they lie.</param>
    /// <param name="patience">The longest that one call may be expected to take.</param>
    /// <param name="report">Told of each result as it comes.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/> after the call that runs.</param>
    /// <exception cref="ArgumentException">No mechanism, no length, a length below 1, or a mechanism that does not serve such a call.</exception>
    public static IReadOnlyList<BenchmarkResult> Run(
        IReadOnlyList<(AttentionMechanism Mechanism, AttentionForm Form)> mechanisms, IReadOnlyList<int> lengths, AttentionShape shape, BenchmarkMode mode,
        bool causal, ScalarType dtype, Device device, TimeSpan patience, Action<BenchmarkResult>? report = null, CancellationToken cancellation = default)
    {
        if (mechanisms.Count == 0)
            throw new ArgumentException("mechanisms: got none, needs at least one.", nameof(mechanisms));
        if (lengths.Count == 0 || lengths.Min() < 1)
            throw new ArgumentException($"lengths: got {string.Join(", ", lengths)}, needs positive numbers of tokens.", nameof(lengths));

        var results = new List<BenchmarkResult>();
        var last = new Dictionary<string, BenchmarkResult>();
        foreach (var length in lengths.Distinct().Order())
            foreach (var (mechanism, form) in mechanisms)
            {
                var benchmark = new BenchmarkCase(mechanism, form, shape with { QueryLength = length, KeyLength = length }, mode, causal, dtype, device);
                var result = Skip(benchmark, last.GetValueOrDefault(mechanism.Id), patience) ?? Time(benchmark, cancellation);
                results.Add(last[mechanism.Id] = result);
                report?.Invoke(result);
            }

        return results;
    }

    private static BenchmarkResult Time(BenchmarkCase benchmark, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var inputs = benchmark.Inputs(Seed);
        var call = Call(benchmark, inputs);
        var gradients = benchmark.Mode == BenchmarkMode.ForwardBackward;
        using var mode = gradients ? enable_grad() : no_grad();
        var peak = benchmark.Device.type == DeviceType.CPU ? PeakMemory.Of(() => Freed(call)) : null;
        var (milliseconds, runs) = Stopwatches.Median(call, benchmark.Device, gradients, cancellation);
        return new(benchmark, milliseconds, runs, peak);
    }

    private static void Freed(Func<Tensor> call)
    {
        using var scope = NewDisposeScope();
        call();
    }

    private static Func<Tensor> Call(BenchmarkCase benchmark, AttentionInputs inputs)
    {
        if (benchmark.Mode != BenchmarkMode.ForwardBackward)
            return () => benchmark.Form.Run(inputs).Output;
        var learned = benchmark.Mechanism.Extras.Where(extra => !extra.IsSetting).Select(extra => inputs.Tensor(extra.Name));
        Tensor[] leaves = [inputs.Q, inputs.K, inputs.V, .. learned];
        foreach (var leaf in leaves)
            leaf.requires_grad_(true);
        return () =>
        {
            var output = benchmark.Form.Run(inputs).Output;
            return autograd.grad([output], leaves, [ones_like(output)], allow_unused: true)[0];
        };
    }

    /// <summary>What a next call would cost is foreseen from the last one and the row's formula; when it is too much, the reason.</summary>
    private static BenchmarkResult? Skip(BenchmarkCase next, BenchmarkResult? last, TimeSpan patience)
    {
        if (last is null)
            return null;
        if (last.Skipped is { } skipped)
            return BenchmarkResult.NotRun(next, skipped);
        // A form may cost more than its row's formula says, but not more than by the square of the length.
        var growth = Math.Pow((double)next.Shape.QueryLength / last.Case.Shape.QueryLength, next.Mode == BenchmarkMode.Decode ? 1 : 2);
        if (last.Milliseconds * growth > patience.TotalMilliseconds && last.Milliseconds * next.Cost.Flops / last.Case.Cost.Flops > patience.TotalMilliseconds)
            return BenchmarkResult.NotRun(next, $"a call could take over {patience.TotalSeconds:0} s");
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare;
        return last.PeakBytes * growth > available ? BenchmarkResult.NotRun(next, $"a call could take over {available / (1 << 30):0} GiB") : null;
    }
}
