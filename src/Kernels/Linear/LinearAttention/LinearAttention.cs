using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Linear attention, o_i = φ(q_i)ᵀS_i / φ(q_i)ᵀz_i with S_i = Σ φ(k_j)v_jᵀ and z_i = Σ φ(k_j) over the keys that query i sees;
/// φ(x) = elu(x) + 1 (Katharopoulos et al. 2020, eq. 5–12). Three forms of one function.
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; sums of half-precision inputs are
/// float32. Causal attention is aligned at the ends: query i sees keys up to i + Tk − Tq. The state is <c>[B,H,F,Dv+1]</c>,
/// F the width of φ (D for elu + 1): S with z as its last column. The denominator is at least <c>floor</c>, so a query that sees nothing gives zeros, never NaN.
/// Bad arguments give an <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class LinearAttention
{
    /// <summary>The least denominator, small against any sum over keys of ordinary size.</summary>
    public const double DefaultFloor = 1e-6;

    // One number for every call: one made for a call may be collected, by another thread, before libtorch has read it.
    private static readonly TorchSharp.Scalar One = 1;

    /// <summary>The paper's feature map φ(x) = elu(x) + 1, positive everywhere.</summary>
    public static Tensor EluPlusOne(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.elu(One, One, One).add_(One).MoveToOuterDisposeScope();
    }

    /// <summary>All scores at once, O(Tq·Tk).</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="initialState"><c>[B,H,F,Dv+1]</c>, as an earlier call returned it; zero when null.</param>
    /// <param name="featureMap">φ <c>[B,H,T,D]</c> → <c>[B,H,T,F]</c>, nonnegative; elu + 1 when null.</param>
    /// <param name="floor">The least denominator.</param>
    /// <param name="keyMap">φ of the keys where it is another than that of the queries, as wide.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>, and the state after all keys.</returns>
    public static AttentionOutput Parallel(
        Tensor q, Tensor k, Tensor v, bool causal = false, Tensor? initialState = null, Func<Tensor, Tensor>? featureMap = null, double floor = DefaultFloor,
        Func<Tensor, Tensor>? keyMap = null)
    {
        using var scope = NewDisposeScope();
        var x = LinearOperands.Of(q, k, v, causal, initialState, featureMap, keyMap);
        var values = LinearOperands.WithOnes(x.V);
        var scores = x.Q.matmul(x.K.transpose(-2, -1));
        var sums = x.Q.matmul(x.State) + (causal ? scores.tril() : scores).matmul(values);
        return x.Finish(LinearOperands.Quotient(sums, floor), x.State + x.K.transpose(-2, -1).matmul(values)).MoveOut();
    }

    /// <summary>Quadratic inside a chunk, the state between chunks: O(T·(chunk + D)).</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="initialState"><c>[B,H,F,Dv+1]</c>, as an earlier call returned it; zero when null.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <param name="featureMap">φ <c>[B,H,T,D]</c> → <c>[B,H,T,F]</c>, nonnegative; elu + 1 when null.</param>
    /// <param name="floor">The least denominator.</param>
    /// <param name="keyMap">φ of the keys where it is another than that of the queries, as wide.</param>
    /// <inheritdoc cref="Parallel" path="/returns"/>
    public static AttentionOutput Chunked(
        Tensor q, Tensor k, Tensor v, bool causal = false, Tensor? initialState = null, int chunk = 64, Func<Tensor, Tensor>? featureMap = null, double floor = DefaultFloor,
        Func<Tensor, Tensor>? keyMap = null)
    {
        Arguments.Positive(chunk, nameof(chunk));
        using var scope = NewDisposeScope();
        var x = LinearOperands.Of(q, k, v, causal, initialState, featureMap, keyMap);
        var state = x.State;
        var outputs = new List<Tensor>();
        var (queries, keys, values) = (causal ? x.Q.split(chunk, 2) : [], x.K.split(chunk, 2), x.V.split(chunk, 2));
        for (var i = 0; i < keys.Length; i++)
        {
            using var temporaries = NewDisposeScope();
            var (ki, vi) = (keys[i], LinearOperands.WithOnes(values[i]));
            if (causal)
            {
                var sums = queries[i].matmul(state) + queries[i].matmul(ki.transpose(-2, -1)).tril().matmul(vi);
                outputs.Add(LinearOperands.Quotient(sums, floor).MoveToOuterDisposeScope());
            }
            state = (state + ki.transpose(-2, -1).matmul(vi)).MoveToOuterDisposeScope();
        }
        return x.Finish(causal ? cat(outputs, 2) : LinearOperands.Quotient(x.Q.matmul(state), floor), state).MoveOut();
    }

    /// <summary>One token after another with a constant state, as in decoding: O(T·D·Dv).</summary>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Recurrent(
        Tensor q, Tensor k, Tensor v, bool causal = false, Tensor? initialState = null, Func<Tensor, Tensor>? featureMap = null, double floor = DefaultFloor,
        Func<Tensor, Tensor>? keyMap = null) =>
        Chunked(q, k, v, causal, initialState, chunk: 1, featureMap, floor, keyMap);

    /// <summary>One decoding step: <c>q, k [B,H,1,D]</c>, <c>v [B,H,1,Dv]</c> and the state before it.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Step(
        Tensor q, Tensor k, Tensor v, Tensor? initialState, Func<Tensor, Tensor>? featureMap = null, double floor = DefaultFloor,
        Func<Tensor, Tensor>? keyMap = null) =>
        Recurrent(q, k, v, causal: true, initialState, featureMap, floor, keyMap);

    /// <summary>The attention matrix φ(q_i)·φ(k_j) / max(Σ_j φ(q_i)·φ(k_j), floor), without an initial state.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <param name="featureMap">φ; elu + 1 when null.</param>
    /// <param name="floor">The least denominator.</param>
    /// <param name="keyMap">φ of the keys where it is another than that of the queries, as wide.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(
        Tensor q, Tensor k, bool causal = false, IReadOnlyList<int>? rows = null, Func<Tensor, Tensor>? featureMap = null, double floor = DefaultFloor,
        Func<Tensor, Tensor>? keyMap = null)
    {
        Arguments.Qk(q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        var map = featureMap ?? EluPlusOne;
        var scores = map(q.Pick(rows).Widen()).matmul((keyMap ?? map)(k.Widen()).transpose(-2, -1));
        if (causal)
            scores = scores.masked_fill(~Visibility.Causal(q.size(2), k.size(2), q.device, rows), 0);
        return (scores / scores.sum(-1, keepdim: true).clamp_min(floor)).MoveToOuterDisposeScope();
    }
}
