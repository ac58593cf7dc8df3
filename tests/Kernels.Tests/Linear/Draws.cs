using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

/// <summary>Random tensors and distances for the tests of this folder.</summary>
internal static class Draws
{
    public static Tensor Normal(long seed, params long[] shape) => Normal(seed, ScalarType.Float64, shape);

    public static Tensor Normal(long seed, ScalarType dtype, params long[] shape)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randn(shape, ScalarType.Float64, generator: generator).to(dtype);
    }

    /// <summary>q, k <c>[B,H,T,D]</c> and v <c>[B,H,T,Dv]</c> in float64.</summary>
    public static (Tensor Q, Tensor K, Tensor V) Qkv(long batch, long heads, long length, long dim, long valueDim, long seed = 1) =>
        (Normal(seed, batch, heads, length, dim), Normal(seed + 100, batch, heads, length, dim), Normal(seed + 200, batch, heads, length, valueDim));

    /// <summary>‖a − b‖ / ‖b‖; NaN counts as infinitely wrong.</summary>
    public static double Error(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(b.shape, a.shape);
        var exact = b.detach().to(ScalarType.Float64);
        var error = ((a.detach().to(ScalarType.Float64) - exact).norm() / exact.norm()).item<double>();
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    public static void AssertClose(Tensor expected, Tensor actual, double tolerance = 1e-12) =>
        Assert.InRange(Error(actual, expected), 0, tolerance);

    /// <summary>Tokens <paramref name="start"/> to <paramref name="start"/> + <paramref name="size"/> of <c>[B,H,T,·]</c>.</summary>
    public static Tensor Part(this Tensor tensor, long start, long size) => tensor.narrow(2, start, size);
}
