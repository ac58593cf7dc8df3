using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Wrong or fragile ways to the same formula: negative controls, not to be used otherwise.</summary>
public static class LightningControls
{
    /// <summary>
    /// The right product with the decay taken apart, kv_t = kv_{t−1} + k_tλ^{−t}v_tᵀ, o_t = q_tλ^t·kv_t, t from 1 (the origin form of
    /// TransNormerLLM's inference). It overflows at t ≈ ln(largest number)/s, and computes in the dtype of its inputs.
    /// </summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log λ ≤ 0.</param>
    /// <returns><c>[B,H,T,Dv]</c>; not finite from the overflow on. Memory O(T·D·Dv).</returns>
    public static Tensor Origin(Tensor q, Tensor k, Tensor v, Tensor logDecay)
    {
        using var scope = NewDisposeScope();
        LightningTiles.Check(q, k, v, logDecay, null, 1);
        var exponent = logDecay.to(ScalarType.Float64) * arange(1, q.size(2) + 1, ScalarType.Float64, q.device).unsqueeze(-1);
        var (grown, decayed) = (k * (-exponent).exp().to(q.dtype), q * exponent.exp().to(q.dtype));
        var sums = (grown.unsqueeze(-1) * v.unsqueeze(-2)).cumsum(2);
        return decayed.unsqueeze(-2).matmul(sums).squeeze(-2).MoveToOuterDisposeScope();
    }

    /// <summary>The first place, counted from 1, at which any sequence, head or channel is not finite; null when all are.</summary>
    /// <param name="output"><c>[B,H,T,Dv]</c>.</param>
    public static long? FirstNonFinite(Tensor output)
    {
        using var scope = NewDisposeScope();
        var bad = ~output.isfinite().all(3).all(1).all(0);
        return bad.any().item<bool>() ? bad.to(ScalarType.Int64).argmax(0).item<long>() + 1 : null;
    }
}
