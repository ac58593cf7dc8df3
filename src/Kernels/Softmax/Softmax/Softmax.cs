using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Softmax attention, O = softmax(s·QKᵀ + mask)·V, s = 1/√D (Vaswani et al. 2017, eq. 1).
/// A query that may see no key at all gives a row of zeros.
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; scores and sums of half-precision
/// inputs are float32. Causal attention is aligned at the ends: query i sees keys up to i + Tk − Tq. Bad arguments give an
/// <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class Softmax
{
    /// <summary>The formula in three tensor operations, with the whole score matrix in memory.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="mask">Boolean, broadcastable to <c>[B,H,Tq,Tk]</c>, true where a query may see a key.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Plain(Tensor q, Tensor k, Tensor v, bool causal = false, double? scale = null, Tensor? mask = null)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        var weights = Weights(q, k, causal, scale, mask);
        return weights.matmul(v.Widen()).to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>PyTorch's own <c>scaled_dot_product_attention</c>, which picks the fastest kernel it has for the device.</summary>
    /// <inheritdoc cref="Plain"/>
    public static Tensor Sdpa(Tensor q, Tensor k, Tensor v, bool causal = false, double? scale = null, Tensor? mask = null)
    {
        Arguments.Qkv(q, k, v);
        Arguments.Mask(mask, q, k);
        using var scope = NewDisposeScope();
        var dim = q.size(3);
        // The function has no scale argument: what differs from its own 1/√D goes onto the queries.
        var scaled = scale is null ? q : q * (Arguments.Scale(scale, dim) * Math.Sqrt(dim));
        if (mask is null && (!causal || q.size(2) == k.size(2)))
            return nn.functional.scaled_dot_product_attention(scaled, k, v, null, 0, causal).MoveToOuterDisposeScope();

        // Its own causal flag is aligned at the beginnings (top left), so other shapes need a mask.
        var visible = Visible(q, k, causal, mask, null)!;
        var any = visible.any(-1, keepdim: true);
        var output = nn.functional.scaled_dot_product_attention(scaled, k, v, visible | ~any, 0, false);
        return output.masked_fill(~any, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The attention matrix, rows summing to one (to zero where a query sees no key).</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="mask">Boolean, broadcastable to <c>[B,H,Tq,Tk]</c>, true where a query may see a key; not together with <paramref name="rows"/>.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(Tensor q, Tensor k, bool causal = false, double? scale = null, Tensor? mask = null, IReadOnlyList<int>? rows = null)
    {
        using var scope = NewDisposeScope();
        var (scores, visible) = Scores(q, k, causal, scale, mask, rows);
        var weights = scores.softmax(-1);
        return (visible is null ? weights : weights.masked_fill(~visible, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>The natural logarithm of each row's sum of exponentials of scaled, masked scores; −∞ where a query sees no key.</summary>
    /// <returns><c>[B,H,Tq]</c>, float64 for float64 inputs, else float32.</returns>
    /// <inheritdoc cref="Weights"/>
    public static Tensor LogSumExp(Tensor q, Tensor k, bool causal = false, double? scale = null, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        return Scores(q, k, causal, scale, mask, null).Scores.logsumexp(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The scaled scores that the softmax gets, −∞ where a query may not see a key.</summary>
    /// <returns><c>[B,H,Tq,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    /// <inheritdoc cref="Weights"/>
    public static Tensor Logits(Tensor q, Tensor k, bool causal = false, double? scale = null, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        return Scores(q, k, causal, scale, mask, null).Scores.MoveToOuterDisposeScope();
    }

    private static (Tensor Scores, Tensor? Visible) Scores(Tensor q, Tensor k, bool causal, double? scale, Tensor? mask, IReadOnlyList<int>? rows)
    {
        Arguments.Qk(q, k);
        Arguments.Mask(mask, q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        if (rows is not null && mask is not null)
            Arguments.Fail(nameof(mask), "a mask together with rows", "one of the two");
        var factor = Arguments.Scale(scale, q.size(3));
        var scores = (q.Pick(rows).Widen() * factor).matmul(k.Widen().transpose(-2, -1));
        var visible = Visible(q, k, causal, mask, rows);
        return (visible is null ? scores : scores.masked_fill(~visible, double.NegativeInfinity), visible);
    }

    private static Tensor? Visible(Tensor q, Tensor k, bool causal, Tensor? mask, IReadOnlyList<int>? rows)
    {
        if (!causal)
            return mask;
        var lower = Visibility.Causal(q.size(2), k.size(2), q.device, rows);
        return mask is null ? lower : lower & mask;
    }
}
