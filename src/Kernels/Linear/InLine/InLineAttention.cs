using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// InLine, injective linear attention: rows are made to sum to one by a subtraction in place of a division (Han et al. 2024, arXiv
/// 2412.06590), w_ij = c·φ(q_i)·φ(k_j) − (c/N)Σ_s φ(q_i)·φ(k_s) + 1/N, N = Tk. Weights may be negative. Noncausal; two forms of one
/// function.
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; sums of half-precision inputs are float32.
/// The factor c is D^−½/N in the published code, which makes the weights those of softmax attention to first order at small logits; the
/// paper's equation has it within φ(q). Bad arguments give an <see cref="ArgumentException"/> that names the argument. All methods are
/// differentiable.
/// </remarks>
public static class InLineAttention
{
    /// <summary>The sums first, o = c·φ(q)(Φ_cᵀV) + v̄ with the key features centred: O((Tq + Tk)·F·Dv), no matrix of weights.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="scale">c, the factor on φ(q)·φ(k); D^−½/Tk when null.</param>
    /// <param name="featureMap">φ <c>[B,H,T,D]</c> → <c>[B,H,T,F]</c>, of any sign; the identity when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Linear(Tensor q, Tensor k, Tensor v, double? scale = null, Func<Tensor, Tensor>? featureMap = null)
    {
        Arguments.Qkv(q, k, v);
        var factor = Factor(scale, k);
        using var scope = NewDisposeScope();
        var (queries, keys) = Features(q, k, featureMap);
        var values = v.Widen();
        var centred = keys - keys.mean([2], keepdim: true);
        var output = (queries * factor).matmul(centred.transpose(-2, -1).matmul(values)) + values.mean([2], keepdim: true);
        return output.to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The matrix of weights, then its product with the values: O(Tq·Tk).</summary>
    /// <inheritdoc cref="Linear"/>
    public static Tensor Parallel(Tensor q, Tensor k, Tensor v, double? scale = null, Func<Tensor, Tensor>? featureMap = null)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        return Weights(q, k, scale, featureMap).matmul(v.Widen()).to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The attention matrix; rows sum to one, entries may be negative.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="scale">c, the factor on φ(q)·φ(k); D^−½/Tk when null.</param>
    /// <param name="featureMap">φ; the identity when null.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(
        Tensor q, Tensor k, double? scale = null, Func<Tensor, Tensor>? featureMap = null, IReadOnlyList<int>? rows = null)
    {
        Arguments.Qk(q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        var factor = Factor(scale, k);
        using var scope = NewDisposeScope();
        var (queries, keys) = Features(q.Pick(rows), k, featureMap);
        // Subtracting the mean score is centring the keys; 1/N rides along as one more channel, so that there is one matrix of N² and no other.
        var centred = WithChannel(keys - keys.mean([2], keepdim: true), 1.0 / k.size(2));
        return WithChannel(queries * factor, 1).matmul(centred.transpose(-2, -1)).MoveToOuterDisposeScope();
    }

    private static Tensor WithChannel(Tensor x, double value) => nn.functional.pad(x, [0, 1], value: value);

    private static double Factor(double? scale, Tensor k) => scale is null ? 1 / Math.Sqrt(k.size(3)) / k.size(2) : Arguments.Scale(scale, k.size(3));

    private static (Tensor Queries, Tensor Keys) Features(Tensor q, Tensor k, Func<Tensor, Tensor>? featureMap) =>
        featureMap is null ? (q.Widen(), k.Widen()) : (featureMap(q.Widen()), featureMap(k.Widen()));
}
