using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The normal distribution between −2 and 2, from which linear maps start.</summary>
public static class CutNormal
{
    private const double Inside = 0.9544997361036416; // The normal's mass between −2 and 2.

    /// <summary>Draws, by the inverse of the distribution function. Their deviation is 0.880.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="generator">The source of the draw; the common one when null.</param>
    /// <returns>Of that shape, float64.</returns>
    public static Tensor Draw(long[] shape, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        return ((Inside * (2 * rand(shape, ScalarType.Float64, generator: generator) - 1)).erfinv() * Math.Sqrt(2)).MoveToOuterDisposeScope();
    }
}
