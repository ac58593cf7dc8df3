using System.Diagnostics;
using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// Fused attention (libtorch's own kernel) against materialised attention (matmul, softmax, matmul in the same library) on a GPU,
/// bfloat16, noncausal.
/// </summary>
public static class GpuAttention
{
    private const int Width = 64;
    private const int Repeats = 20;
    private const int Rounds = 5;

    /// <summary>softmax(QKᵀ/√d)·V with the scores in slow memory.</summary>
    /// <param name="q"><c>[B,H,T,64]</c>.</param>
    /// <param name="k"><c>[B,H,T,64]</c>.</param>
    /// <param name="v"><c>[B,H,T,64]</c>.</param>
    public static Tensor Materialised(Tensor q, Tensor k, Tensor v) => (q * (1 / Math.Sqrt(Width))).matmul(k.transpose(-2, -1)).softmax(-1).matmul(v);

    /// <summary>PyTorch's fused kernel.</summary>
    /// <inheritdoc cref="Materialised"/>
    public static Tensor Fused(Tensor q, Tensor k, Tensor v) => nn.functional.scaled_dot_product_attention(q, k, v);

    /// <summary>The median time of one call, milliseconds.</summary>
    /// <param name="attention">What is timed.</param>
    /// <param name="length">T, tokens.</param>
    /// <param name="slices">Batch entries times heads.</param>
    /// <param name="backward">Whether the gradients are computed too.</param>
    /// <param name="device">Where; the GPU when null.</param>
    public static double Milliseconds(Func<Tensor, Tensor, Tensor, Tensor> attention, int length, int slices, bool backward, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(attention);
        using var scope = NewDisposeScope();
        var call = Call(attention, length, slices, backward, device ?? CUDA);
        call();
        var times = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            Finish();
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Repeats; i++)
                call();
            Finish();
            times[round] = watch.Elapsed.TotalMilliseconds / Repeats;
        }
        return times.Order().ElementAt(Rounds / 2);

        void Finish()
        {
            if (device is null)
                cuda.synchronize();
        }
    }

    /// <summary>
    /// The memory that forward and backward pass take at each length, bytes, inputs included. Ask for increasing lengths, in a process
    /// that ran nothing larger: what libtorch took once it keeps.
    /// </summary>
    /// <param name="attention">What is measured.</param>
    /// <param name="lengths">T, increasing.</param>
    /// <param name="slices">Batch entries times heads.</param>
    public static double[] PeakBytes(Func<Tensor, Tensor, Tensor, Tensor> attention, IReadOnlyList<int> lengths, int slices)
    {
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentNullException.ThrowIfNull(lengths);
        ones(1, device: CUDA).Dispose();
        var before = DeviceMemory.UsedBytes();
        return [.. lengths.Select(length =>
        {
            using var scope = NewDisposeScope();
            Call(attention, length, slices, backward: true, CUDA)();
            return (double)(DeviceMemory.UsedBytes() - before);
        })];
    }

    private static Action Call(Func<Tensor, Tensor, Tensor, Tensor> attention, int length, int slices, bool backward, Device device)
    {
        Tensor Normal() => randn([1, slices, length, Width], ScalarType.BFloat16, device);
        var (q, k, v, gradient) = (Normal().requires_grad_(backward), Normal().requires_grad_(backward), Normal().requires_grad_(backward), Normal());
        return () =>
        {
            using var step = NewDisposeScope();
            var output = attention(q, k, v);
            if (backward)
                output.backward([gradient]);
        };
    }
}
