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

    /// <summary>The median of at least five calls after one that is not counted; of more as long as they are quick.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (double Milliseconds, int Runs) Median(Func<Tensor> call, Device device, CancellationToken cancellation)
    {
        Once(call, device);
        var times = new List<double>();
        var all = Stopwatch.StartNew();
        while (times.Count < Least || (times.Count < Most && all.Elapsed < Enough))
        {
            cancellation.ThrowIfCancellationRequested();
            times.Add(Once(call, device));
        }

        return (times.Order().ElementAt(times.Count / 2), times.Count);
    }

    /// <summary>The time of one call, in milliseconds, by the GPU's own clock where it is on one; what it made is freed.</summary>
    public static double Once(Func<Tensor> call, Device device)
    {
        using var scope = NewDisposeScope();
        if (device.type == DeviceType.CUDA)
        {
            using var timer = new CudaTimer();
            return timer.Milliseconds(() => call());
        }
        var clock = Stopwatch.StartNew();
        call();
        return clock.Elapsed.TotalMilliseconds;
    }
}
