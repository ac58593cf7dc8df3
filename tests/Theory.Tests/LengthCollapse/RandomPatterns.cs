using static TorchSharp.torch;

namespace Theory.Tests.LengthCollapse;

internal static class RandomPatterns
{
    /// <summary>Standard normal numbers, float64.</summary>
    public static Tensor Normal(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randn(shape, ScalarType.Float64, generator: generator);
    }

    /// <summary>Logits <c>[draws,n,n]</c>, each draw of a deviation of its own from 0.05 to 5.</summary>
    public static Tensor Logits(int seed, int draws, int tokens)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var deviation = 0.05 * (rand([draws, 1, 1], ScalarType.Float64, generator: generator) * Math.Log(100)).exp();
        return (deviation * randn([draws, tokens, tokens], ScalarType.Float64, generator: generator)).MoveToOuterDisposeScope();
    }
}
