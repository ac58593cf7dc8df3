using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Tokens of a square grid that resemble their neighbours, as patches of an image do: white noise blurred, then standardised token by token.</summary>
public static class SmoothTokens
{
    /// <summary>Draws one grid.</summary>
    /// <param name="side">Rows and columns.</param>
    /// <param name="dim">d, channels, at least 2.</param>
    /// <param name="blur">The deviation of the Gaussian, in cells; 0 leaves the noise white.</param>
    /// <param name="seed">Fixes it.</param>
    /// <returns><c>[side²,d]</c>, float64, row by row; each token with mean 0 and deviation 1.</returns>
    /// <exception cref="ArgumentException">No cells, fewer than two channels, or a negative blur.</exception>
    public static Tensor Sample(int side, int dim, double blur, int seed)
    {
        if (side < 1)
            throw new ArgumentException($"side: got {side}, needs at least 1.", nameof(side));
        if (dim < 2)
            throw new ArgumentException($"dim: got {dim}, needs at least 2.", nameof(dim));
        if (!(blur >= 0 && double.IsFinite(blur)))
            throw new ArgumentException($"blur: got {blur}, needs a number of at least 0.", nameof(blur));
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var tokens = randn([side, side, dim], ScalarType.Float64, generator: generator);
        if (blur > 0)
        {
            var place = arange(side, ScalarType.Float64);
            var kernel = ((place.unsqueeze(0) - place.unsqueeze(1)).square() / (-2 * blur * blur)).exp();
            kernel = kernel / kernel.sum(1, keepdim: true); // At the edges, of what there is.
            tokens = einsum("ab,cd,bde->ace", kernel, kernel, tokens);
        }
        var flat = tokens.reshape(side * side, dim);
        var centred = flat - flat.mean([1], keepdim: true);
        return (centred / centred.square().mean([1], keepdim: true).sqrt()).MoveToOuterDisposeScope();
    }
}
