using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Length-scaled softplus attention (LSSA), and with re-weighting (LSSAR): S = ln D · ln N · cos(q, k), A = softplus(S)/‖softplus(S)‖₁, O = AV,
/// where N is the number of keys that a query sees (Gao and Spratling 2025, arXiv 2501.13428).
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; scores and sums of half-precision inputs
/// are float32. Causal attention is aligned at the ends: query i sees keys up to i + Tk − Tq, and N = i + Tk − Tq + 1; else N = Tk. A query that
/// sees no key gives zeros; a vector of length 0 has cosine 0. Bad arguments give an <see cref="ArgumentException"/> that names the argument.
/// All methods are differentiable.
/// </remarks>
public static class SoftplusAttention
{
    /// <summary>The formula with the whole matrix in memory.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="power">p of <see cref="Reweighting"/>, at least 1 (the authors' is <see cref="Reweighting.DefaultPower"/>); none when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Plain(Tensor q, Tensor k, Tensor v, bool causal = false, double? power = null)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        return Weights(q, k, causal, power).matmul(v.Widen()).to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// LSSA in tiles by a CUDA kernel, which never has the matrix in memory, in half precision on a Hopper GPU; elsewhere as <see cref="Plain"/>.
    /// </summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <inheritdoc cref="Plain" path="/returns"/>
    public static Tensor Fused(Tensor q, Tensor k, Tensor v, bool causal = false)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        if (!TileKernels.Serves(q, k, v))
            return Plain(q, k, v, causal).MoveToOuterDisposeScope();
        var (query, key) = Scaled(q, k, causal);
        var kernels = new TileKernels(TileActivation.Softplus, TileSight.Of(causal, q, k), Scale: 1);
        return (TileFunction.TryAttend(query.to(q.dtype), key.to(q.dtype), v, kernels) ?? Plain(q, k, v, causal)).MoveToOuterDisposeScope();
    }

    /// <summary>The attention matrix, rows summing to one (to zero where a query sees no key).</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="power">p of <see cref="Reweighting"/>, at least 1; none when null.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(Tensor q, Tensor k, bool causal = false, double? power = null, IReadOnlyList<int>? rows = null)
    {
        Arguments.Qk(q, k);
        Reweighting.Check(power);
        using var scope = NewDisposeScope();
        var scores = Scores(q, k, causal, rows);
        var visible = causal ? Visibility.Causal(q.size(2), k.size(2), q.device, rows) : null;
        var weights = L1Weights.Of(scores, L1Activation.Softplus, visible);
        return (power is { } p ? Reweighting.Apply(weights, visible, p) : weights).MoveToOuterDisposeScope();
    }

    /// <summary>The scores ln D · ln N · cos(q, k), of hidden keys too; in place of softmax's 1/√D they keep a row's entropy when N grows.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether N is the number of keys at or before a query's place; else it is Tk.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Scores(Tensor q, Tensor k, bool causal = false, IReadOnlyList<int>? rows = null)
    {
        Arguments.Qk(q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        var (query, key) = Scaled(q, k, causal, rows);
        return query.matmul(key.transpose(-2, -1)).MoveToOuterDisposeScope();
    }

    /// <summary>Queries and keys whose products are the scores.</summary>
    private static (Tensor Query, Tensor Key) Scaled(Tensor q, Tensor k, bool causal, IReadOnlyList<int>? rows = null)
    {
        var (query, key) = (q.Pick(rows).Widen(), k.Widen());
        var keys = causal ? Visibility.Counts(q.size(2), k.size(2), q.device, rows) : full([1], k.size(2), device: q.device);
        return (Direction(query) * (Math.Log(q.size(3)) * keys.to(query.dtype).clamp_min(1).log()), Direction(key));
    }

    /// <summary>x/‖x‖₂. Channels are first divided by the largest, a constant to the gradient: squares of tiny ones would vanish.</summary>
    private static Tensor Direction(Tensor x)
    {
        var largest = x.detach().abs().amax([-1], keepdim: true);
        var scaled = x / largest.masked_fill(largest == 0, 1);
        // At least 1, but for a vector of zeros.
        return scaled / scaled.norm(-1, keepdim: true).clamp_min(1);
    }
}
