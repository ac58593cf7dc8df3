using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Rotary positions: channels 2j and 2j+1 of the token at place t are turned by the angle θ_j·t, so that a product of two tokens depends
/// on their distance alone (Su et al. 2021, arXiv 2104.09864).
/// </summary>
public static class Rope
{
    /// <summary>θ_j = base^{−2j/D} for the ⌊D/2⌋ pairs of channels, float64.</summary>
    /// <param name="dim">D, channels.</param>
    /// <param name="base">The base: 10000 in the paper.</param>
    public static Tensor Frequencies(long dim, double @base = 10000)
    {
        Arguments.Positive(dim, nameof(dim));
        return tensor(Enumerable.Range(0, (int)dim / 2).Select(j => Math.Pow(@base, -2.0 * j / dim)).ToArray(), ScalarType.Float64);
    }

    /// <summary>Turns the tokens <paramref name="offset"/>, <paramref name="offset"/> + 1, …; angles are computed in float64.</summary>
    /// <param name="x"><c>[…,T,D]</c>; the last channel of an odd D stays as it is.</param>
    /// <param name="offset">The place of the first token; negative ones turn back.</param>
    /// <param name="base">The base of the frequencies.</param>
    /// <returns>The same shape and dtype; half precision is turned in float32.</returns>
    public static Tensor Apply(Tensor x, long offset = 0, double @base = 10000)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        return Turn(x, arange(offset, offset + x.size(-2), ScalarType.Float64, x.device), @base).MoveToOuterDisposeScope();
    }

    /// <summary>Turns tokens at any places.</summary>
    /// <param name="x"><c>[…,T,D]</c>.</param>
    /// <param name="places"><c>[T]</c>, or <c>[1]</c> for one place of all.</param>
    /// <param name="base">The base of the frequencies.</param>
    /// <inheritdoc cref="Apply" path="/returns"/>
    public static Tensor Turn(Tensor x, Tensor places, double @base = 10000)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (places is null || places.shape is not [var count] || (count != 1 && count != x.size(-2)))
            Arguments.Fail(nameof(places), places is null ? "null" : Arguments.Text(places.shape), $"[T] = [{x.size(-2)}], or [1]");
        using var scope = NewDisposeScope();
        var pairs = x.size(-1) / 2;
        var angles = places.to(ScalarType.Float64).unsqueeze(-1) * Frequencies(x.size(-1), @base).to(x.device);
        var wide = x.Widen();
        var (cos, sin) = (angles.cos().to(wide.dtype), angles.sin().to(wide.dtype));
        var paired = wide.narrow(-1, 0, 2 * pairs).unflatten(wide.dim() - 1, [pairs, 2]);
        var (even, odd) = (paired.select(-1, 0), paired.select(-1, 1));
        var turned = stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2, -1);
        var whole = 2 * pairs == x.size(-1) ? turned : cat([turned, wide.narrow(-1, 2 * pairs, 1)], -1);
        return whole.to(x.dtype).MoveToOuterDisposeScope();
    }
}
