using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// LinFusion's attention (Liu et al. 2024, arXiv 2409.02097): noncausal linear attention that is normalised by means over tokens,
/// o_i = κ(q_i)·(1/N Σ κ(k_j)ᵀv_j) / κ(q_i)·(1/N Σ κ(k_j)), κ(x) = elu(x) + 1. Every sum is a mean, so nothing drifts with the number of tokens.
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; sums of half-precision inputs are float32. The
/// mean in the denominator is at least 10⁻⁴ (the released code adds as much to it), so that a query without features gives zeros and never
/// NaN. Bad arguments give an <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class LinFusion
{
    /// <summary>The least mean product in the denominator.</summary>
    public const double Floor = 1e-4;

    /// <summary>All keys in one product: O(T·D·Dv).</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Parallel(Tensor q, Tensor k, Tensor v)
    {
        Arguments.Qkv(q, k, v);
        return Run(q, k, v, k.size(2));
    }

    /// <summary>The products summed chunk by chunk.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="chunk">Keys a chunk; the last one may be shorter.</param>
    /// <inheritdoc cref="Parallel" path="/returns"/>
    public static Tensor Chunked(Tensor q, Tensor k, Tensor v, int chunk = 64)
    {
        Arguments.Positive(chunk, nameof(chunk));
        Arguments.Qkv(q, k, v);
        return Run(q, k, v, chunk);
    }

    /// <summary>The matrix P of O = PV; its rank is at most D.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(Tensor q, Tensor k, IReadOnlyList<int>? rows = null)
    {
        Arguments.Qk(q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        var scores = LinearAttention.EluPlusOne(q.Pick(rows).Widen()).matmul(LinearAttention.EluPlusOne(k.Widen()).transpose(-2, -1)) / k.size(2);
        return (scores / scores.sum(-1, keepdim: true).clamp_min(Floor)).MoveToOuterDisposeScope();
    }

    private static Tensor Run(Tensor q, Tensor k, Tensor v, long chunk)
    {
        using var scope = NewDisposeScope();
        var features = LinearAttention.EluPlusOne(q.Widen());
        var means = TokenMeans.Even(LinearAttention.EluPlusOne(k.Widen()), v.Widen(), chunk);
        return means.Read(features, features, Floor).to(q.dtype).MoveToOuterDisposeScope();
    }
}
