using System.Diagnostics;
using Attn.Kernels.Cuda;
using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Times calls that make tensors.</summary>
internal static class Stopwatches
{
    private const int Least = 5, Most = 50;
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// On the CPU the median of at least five calls after one that is not counted, of more as long as they are quick; on a GPU that of
    /// <see cref="CudaRounds"/>. What the calls make is freed.
    /// </summary>
    /// <param name="call">What is timed.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="gradients">Whether it computes gradients.</param>
    /// <param name="cancellation">Ends it between two calls, or two rounds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (double Milliseconds, int Runs) Median(Func<Tensor> call, Device device, bool gradients, CancellationToken cancellation)
    {
        if (device.type == DeviceType.CUDA)
            return (CudaRounds.Median(() => call(), gradients ? CudaRounds.MostCallsWithGradients : CudaRounds.MostCalls, cancellation), CudaRounds.Count);

        Once(call);
        var times = new List<double>();
        var all = Stopwatch.StartNew();
        while (times.Count < Least || (times.Count < Most && all.Elapsed < Enough))
        {
            cancellation.ThrowIfCancellationRequested();
            times.Add(Once(call));
        }

        return (times.Order().ElementAt(times.Count / 2), times.Count);
    }

    private static double Once(Func<Tensor> call)
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        call();
        return clock.Elapsed.TotalMilliseconds;
    }
}
