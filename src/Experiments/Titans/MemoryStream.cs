using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How a memory learns: one θ, η and α for all tokens.</summary>
/// <param name="GradientAt">The memory at which gradients are taken; <see cref="GradientAt.Zero"/> is Hebb's rule.</param>
/// <param name="Step">θ.</param>
/// <param name="Momentum">η.</param>
/// <param name="Forget">α.</param>
public sealed record MemoryRule(GradientAt GradientAt, double Step, double Momentum = 0, double Forget = 0);

/// <summary>Streams of random pairs, written once each into a matrix memory. Each seed has its own stream; all run as heads of one call, in float64.</summary>
public static class MemoryStream
{
    /// <summary>Keys of unit length in random directions and standard normal values, <c>[1,seeds,pairs,dim]</c> each.</summary>
    /// <param name="pairs">How many.</param>
    /// <param name="dim">Channels of keys and values.</param>
    /// <param name="seeds">One stream a seed.</param>
    public static (Tensor Keys, Tensor Values) Pairs(int pairs, int dim, IReadOnlyList<int> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        using var scope = NewDisposeScope();
        var draws = stack([.. seeds.Select(seed =>
        {
            using var generator = new Generator((ulong)seed, CPU);
            return randn([2, pairs, dim], ScalarType.Float64, generator: generator);
        })], 1);
        return (nn.functional.normalize(draws[0], dim: -1).unsqueeze(0).MoveToOuterDisposeScope(), draws[1].unsqueeze(0).MoveToOuterDisposeScope());
    }

    /// <summary>The matrix memory after a stream, <c>[1,seeds,dim,dim]</c>.</summary>
    public static Tensor Memory(Tensor keys, Tensor values, MemoryRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return Written(keys, values, rule, null).narrow(2, 0, keys.size(3)).clone().MoveToOuterDisposeScope();
    }

    /// <summary>‖kM − v‖/‖v‖ of pairs, <c>[1,seeds,pairs]</c>.</summary>
    public static Tensor Errors(Tensor keys, Tensor values, Tensor memory)
    {
        using var scope = NewDisposeScope();
        return ((keys.matmul(memory) - values).norm(-1) / values.norm(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>The relative error of pairs by their age after one pass, mean over the streams; age 0 was written last.</summary>
    public static double[] ErrorByAge(int pairs, int dim, MemoryRule rule, IReadOnlyList<int> seeds)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = Pairs(pairs, dim, seeds);
        return Errors(keys, values, Memory(keys, values, rule)).mean([0, 1]).flip(0).data<double>().ToArray();
    }

    /// <summary>The mean relative error of all pairs after one pass, one number a stream.</summary>
    public static double[] Reconstruction(int pairs, int dim, MemoryRule rule, IReadOnlyList<int> seeds)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = Pairs(pairs, dim, seeds);
        return Errors(keys, values, Memory(keys, values, rule)).mean([2]).data<double>().ToArray();
    }

    /// <summary>The mean relative error of the 8 latest pairs over the last 100 steps of a long stream, one number a stream.</summary>
    /// <param name="pairs">Length of the stream, above 107.</param>
    /// <param name="dim">Channels.</param>
    /// <param name="rule">How the memory learns.</param>
    /// <param name="seeds">One stream a seed.</param>
    public static double[] RecentError(int pairs, int dim, MemoryRule rule, IReadOnlyList<int> seeds)
    {
        const int Steps = 100, Recent = 8;
        if (pairs < Steps + Recent)
            throw new ArgumentException($"pairs: got {pairs}, needs at least {Steps + Recent}.", nameof(pairs));
        ArgumentNullException.ThrowIfNull(rule);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (keys, values) = Pairs(pairs, dim, seeds);
        var state = Written(keys.narrow(2, 0, pairs - Steps), values.narrow(2, 0, pairs - Steps), rule, null);
        var sum = zeros(seeds.Count, ScalarType.Float64);
        for (var t = pairs - Steps; t < pairs; t++)
        {
            state = Written(keys.narrow(2, t, 1), values.narrow(2, t, 1), rule, state);
            var (k, v) = (keys.narrow(2, t - Recent + 1, Recent), values.narrow(2, t - Recent + 1, Recent));
            sum = sum + Errors(k, v, state.narrow(2, 0, dim)).mean([0, 2]);
        }
        return (sum / Steps).data<double>().ToArray();
    }

    /// <summary>The surprise ‖∇ℓ‖ = 2‖kM − v‖ of each pair of one stream when it comes.</summary>
    /// <param name="keys"><c>[1,1,pairs,dim]</c>, of unit length.</param>
    /// <param name="values"><c>[1,1,pairs,dim]</c>.</param>
    /// <param name="rule">How the memory learns.</param>
    public static double[] Surprise(Tensor keys, Tensor values, MemoryRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        // Asked at each pair for the next one's key, the memory says what it knows of it before it comes.
        var gates = MemoryGates.Constant(rule.Step, rule.Momentum, rule.Forget, keys);
        var said = Titans.Chunked(keys.roll(-1, 2), keys, values, gates, null, rule.GradientAt).Output.roll(1, 2);
        said.narrow(2, 0, 1).zero_();
        return (2 * (said - values).norm(-1)).flatten().data<double>().ToArray();
    }

    private static Tensor Written(Tensor keys, Tensor values, MemoryRule rule, Tensor? state) => Titans.Chunked(
        keys, keys, values, MemoryGates.Constant(rule.Step, rule.Momentum, rule.Forget, keys), state, rule.GradientAt).State!;
}
