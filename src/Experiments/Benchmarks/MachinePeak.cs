using Attn.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What a machine does at its best, measured: the two edges of its roofline.</summary>
/// <param name="FlopsPerSecond">Of a large matrix product.</param>
/// <param name="BytesPerSecond">Of a large copy, bytes read and bytes written.</param>
public sealed record MachinePeak(double FlopsPerSecond, double BytesPerSecond)
{
    /// <summary>Measures a device for a dtype; takes a fraction of a second.</summary>
    public static MachinePeak Measure(Device device, ScalarType dtype, CancellationToken cancellation = default)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var size = device.type == DeviceType.CUDA ? 8192L : 1024L;
        var (a, b) = (randn([size, size], dtype, device), randn([size, size], dtype, device));
        var product = Stopwatches.Median(() => a.matmul(b), device, gradients: false, cancellation).Milliseconds;
        var copied = ones([device.type == DeviceType.CUDA ? 1L << 28 : 1L << 24], ScalarType.Float32, device);
        var target = empty_like(copied);
        var copy = Stopwatches.Median(() => target.copy_(copied).alias(), device, gradients: false, cancellation).Milliseconds;
        return new(2.0 * size * size * size / product * 1e3, 2.0 * copied.numel() * copied.element_size() / copy * 1e3);
    }

    /// <summary>The time below which no implementation can be, by arithmetic or by memory, whichever takes longer.</summary>
    public double LeastMilliseconds(AttentionCost cost, ScalarType dtype)
    {
        using var one = empty(1, dtype);
        return Math.Max(cost.Flops / FlopsPerSecond, cost.Elements * one.element_size() / BytesPerSecond) * 1e3;
    }
}
