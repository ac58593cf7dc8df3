using static TorchSharp.torch;

namespace Attn.Theory.Injectivity;

/// <summary>Looks for the pair of queries that a bound is worst for, by gradient ascent with momentum from a random one.</summary>
public static class WorstPair
{
    private const double Rate = 0.05, Momentum = 0.9;

    /// <summary>The largest (or smallest) |w(p) − w(q)| / |φ(p) − φ(q)| found.</summary>
    /// <param name="map">Queries <c>[M,d]</c> to weights <c>[M,N]</c>; differentiable.</param>
    /// <param name="features">φ; the identity when null.</param>
    /// <param name="dim">d.</param>
    /// <param name="largest">Whether the largest is sought.</param>
    /// <param name="seed">Fixes the start.</param>
    /// <param name="steps">Steps of the ascent.</param>
    public static double Ratio(
        Func<Tensor, Tensor> map, Func<Tensor, Tensor>? features, int dim, bool largest, int seed, int steps = 400)
    {
        var (ratio, pair) = Search(map, features, dim, largest, seed, steps);
        pair.Dispose();
        return ratio;
    }

    /// <summary>The ratio found, and its pair <c>[2,d]</c>, float64; 0 where the search meets two queries of the very same weights.</summary>
    /// <inheritdoc cref="Ratio" path="/param"/>
    public static (double Ratio, Tensor Pair) Search(
        Func<Tensor, Tensor> map, Func<Tensor, Tensor>? features, int dim, bool largest, int seed, int steps = 400)
    {
        ArgumentNullException.ThrowIfNull(map);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var pair = randn([2, dim], ScalarType.Float64, generator: generator);
        var velocity = zeros_like(pair);
        var (best, worst) = (Logarithm(map, features, pair).item<double>(), pair.clone());
        for (var step = 0; step < steps && double.IsFinite(best); step++)
        {
            using var one = NewDisposeScope();
            var gradient = Diff.Grad(x => Logarithm(map, features, x), pair);
            var size = gradient.norm().item<double>();
            if (!(size > 0 && double.IsFinite(size)))
                break;
            // Steps shrink towards the end; a gradient longer than one is shortened.
            var rate = Rate * (1 - (double)step / steps) / Math.Max(1, size) * (largest ? 1 : -1);
            velocity.mul_(Momentum).add_(gradient * rate);
            pair.add_(velocity);
            var value = Logarithm(map, features, pair).item<double>();
            if (largest ? value > best : value < best)
            {
                best = value;
                worst.copy_(pair);
            }
        }

        return (Math.Exp(best), worst.MoveToOuterDisposeScope());
    }

    private static Tensor Logarithm(Func<Tensor, Tensor> map, Func<Tensor, Tensor>? features, Tensor pair)
    {
        var (weights, mapped) = (map(pair), features is null ? pair : features(pair));
        return (weights[0] - weights[1]).norm().log() - (mapped[0] - mapped[1]).norm().log();
    }
}
