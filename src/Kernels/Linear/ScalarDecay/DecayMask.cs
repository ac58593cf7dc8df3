using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The decays between all pairs of tokens.</summary>
internal static class DecayMask
{
    /// <summary>exp(b_t − b_s) for s ≤ t, else 0: <c>[…,rows,T]</c> from cumulative log decays in float64.</summary>
    /// <param name="rows">b of the queries, <c>[…,rows]</c>.</param>
    /// <param name="columns">b of the keys, <c>[…,T]</c>.</param>
    /// <param name="unseen">True where a query may not see a key, <c>[rows,T]</c>.</param>
    /// <param name="dtype">The result's dtype.</param>
    public static Tensor Of(Tensor rows, Tensor columns, Tensor unseen, ScalarType dtype) =>
        (rows.unsqueeze(-1) - columns.unsqueeze(-2)).to(dtype).masked_fill(unseen, double.NegativeInfinity).exp();

    /// <summary>λ^{t−s} for s ≤ t, else 0, <c>[…,T,T]</c>: one row of powers, moved along; T exponentials instead of T².</summary>
    /// <param name="logDecay">log λ <c>[…,1]</c> in float64.</param>
    /// <param name="length">T.</param>
    /// <param name="dtype">The result's dtype.</param>
    public static Tensor OfPowers(Tensor logDecay, long length, ScalarType dtype)
    {
        var distance = arange(length - 1, -1, -1, ScalarType.Float64, logDecay.device);
        var powers = (logDecay * distance).exp().to(dtype);
        return nn.functional.pad(powers, [0, length - 1]).unfold(-1, length, 1).flip(-2);
    }
}
