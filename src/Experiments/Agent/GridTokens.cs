using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// Random queries, keys and values of an image: one head's projections, of deviation 1/√d, of tokens that are noise of unit deviation, blurred
/// over the grid so that neighbours resemble each other, or not.
/// </summary>
public static class GridTokens
{
    /// <summary>Draws them, float64.</summary>
    /// <param name="side">Rows, and columns, of the grid.</param>
    /// <param name="dim">d, channels.</param>
    /// <param name="smoothness">The deviation of the Gaussian blur, in cells; 0 leaves white noise.</param>
    /// <param name="seed">Fixes tokens and projections.</param>
    /// <returns>q, k and v, <c>[1,1,side²,d]</c>.</returns>
    /// <exception cref="ArgumentException">A size below 1 or a negative smoothness.</exception>
    public static (Tensor Q, Tensor K, Tensor V) Draw(int side, int dim, double smoothness, int seed)
    {
        foreach (var (size, name) in new[] { (side, nameof(side)), (dim, nameof(dim)) })
            if (size < 1)
                throw new ArgumentException($"{name}: got {size}, needs at least 1.", name);
        if (!(smoothness >= 0))
            throw new ArgumentException($"smoothness: got {smoothness}, needs at least 0.", nameof(smoothness));
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        var tokens = Normal(dim, side, side);
        if (smoothness > 0)
        {
            var blur = Blur(side, smoothness);
            tokens = blur.matmul(tokens).matmul(blur.transpose(0, 1));
        }
        tokens = (tokens / tokens.std()).flatten(1).transpose(0, 1);
        Tensor Project() => tokens.matmul(Normal(dim, dim) / Math.Sqrt(dim)).view(1, 1, side * side, dim).MoveToOuterDisposeScope();
        return (Project(), Project(), Project());
    }

    /// <summary>Each place's mean over its neighbours, weighed by a Gaussian of their distance and cut at the edge.</summary>
    private static Tensor Blur(int side, double deviation)
    {
        var places = arange(side, ScalarType.Float64);
        var weights = ((places.unsqueeze(0) - places.unsqueeze(1)) / deviation).square().mul(-0.5).exp();
        return weights / weights.sum([1L], keepdim: true);
    }
}
