using static TorchSharp.torch;

namespace Attn.Kernels.Tests.FlashAttention;

/// <summary>Random operands of FlashAttention's own tests, in float64.</summary>
internal static class Draw
{
    public static (Tensor Q, Tensor K, Tensor V) Qkv(int queries, int keys, int dim = 8, int valueDim = 6, ulong seed = 1, int heads = 2)
    {
        using var generator = new Generator(seed, CPU);
        Tensor Normal(int length, int width) => randn([1, heads, length, width], ScalarType.Float64, generator: generator);
        return (Normal(queries, dim), Normal(keys, dim), Normal(keys, valueDim));
    }

    /// <summary>The largest difference between two tensors; equal infinities differ by nothing, NaN by infinity.</summary>
    public static double Apart(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        var apart = (a.to(ScalarType.Float64) - b.to(ScalarType.Float64)).abs().masked_fill(a == b, 0).max().item<double>();
        return double.IsNaN(apart) ? double.PositiveInfinity : apart;
    }
}
