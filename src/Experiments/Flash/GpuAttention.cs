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

    /// <summary>softmax(QKᵀ/√d)·V with the scores in slow memory.</summary>
    /// <param name="q"><c>[B,H,T,64]</c>.</param>
    /// <param name="k"><c>[B,H,T,64]</c>.</param>
    /// <param name="v"><c>[B,H,T,64]</c>.</param>
    public static Tensor Materialised(Tensor q, Tensor k, Tensor v) => (q * (1 / Math.Sqrt(Width))).matmul(k.transpose(-2, -1)).softmax(-1).matmul(v);

    /// <summary>PyTorch's fused kernel.</summary>
    /// <inheritdoc cref="Materialised"/>
    public static Tensor Fused(Tensor q, Tensor k, Tensor v) => nn.functional.scaled_dot_product_attention(q, k, v);

    /// <summary>What one call takes among many, milliseconds.</summary>
    /// <param name="attention">What is timed.</param>
    /// <param name="length">T, tokens.</param>
    /// <param name="slices">Batch entries times heads.</param>
    /// <param name="backward">Whether the gradients are computed too.</param>
    /// <param name="dim">D, channels of a head.</param>
    public static double Milliseconds(Func<Tensor, Tensor, Tensor, Tensor> attention, int length, int slices, bool backward, int dim = Width)
    {
        ArgumentNullException.ThrowIfNull(attention);
        using var scope = NewDisposeScope();
        return CudaRounds.Median(Call(attention, length, slices, backward, CUDA, dim), backward ? CudaRounds.MostCallsWithGradients : CudaRounds.MostCalls);
    }

    /// <summary>
    /// The memory that forward and backward pass take at each length, bytes, inputs included; each length starts from an empty cache.
    /// </summary>
    /// <param name="attention">What is measured.</param>
    /// <param name="lengths">T.</param>
    /// <param name="slices">Batch entries times heads.</param>
    public static double[] PeakBytes(Func<Tensor, Tensor, Tensor, Tensor> attention, IReadOnlyList<int> lengths, int slices)
    {
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentNullException.ThrowIfNull(lengths);
        return [.. lengths.Select(length =>
        {
            DeviceMemory.ReleaseCache();
            var before = DeviceMemory.UsedBytes();
            using var scope = NewDisposeScope();
            Call(attention, length, slices, backward: true, CUDA, Width)();
            return (double)(DeviceMemory.UsedBytes() - before);
        })];
    }

    /// <summary>A call of <paramref name="attention"/> on tensors drawn here, with its gradients or without.</summary>
    internal static Action Call(Func<Tensor, Tensor, Tensor, Tensor> attention, int length, int slices, bool backward, Device device, int dim)
    {
        Tensor Normal() => randn([1, slices, length, dim], ScalarType.BFloat16, device);
        var (q, k, v, gradient) = (Normal().requires_grad_(backward), Normal().requires_grad_(backward), Normal().requires_grad_(backward), Normal());
        return () =>
        {
            var output = attention(q, k, v);
            if (backward)
                output.backward([gradient]);
        };
    }
}
