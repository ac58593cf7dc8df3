using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// LightNet's attention: linear attention with an additive decay, o_t = s·q_t Σ_s softmax_s(k_s)ᵀv_s, where the softmax runs over tokens,
/// for each key channel on its own (Qin et al. 2024, arXiv 2405.21022). Causal, the softmax is over the tokens so far and the decay is
/// e^{z_{t−1} − z_t} with z_t = log Σ_{j≤t} e^{k_j}; noncausal, one scan over all tokens serves every query, and their order does not matter.
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; causal calls are self-attention. Sums of
/// half-precision inputs are float32. The state is <c>[B,H,D,Dv+1]</c>: the weighted mean of the values with z as its last column. Bad
/// arguments give an <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class LightNet
{
    /// <summary>All pairs at once where it is causal: O(T²·D) memory.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="initialState"><c>[B,H,D,Dv+1]</c>, as an earlier call returned it; nothing seen yet when null.</param>
    /// <param name="scale">Factor on the queries: 1 in the paper, D^−½ in the released layers.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>, and the state after all keys.</returns>
    public static AttentionOutput Parallel(Tensor q, Tensor k, Tensor v, bool causal = false, Tensor? initialState = null, double scale = 1) =>
        Run(q, k, v, causal, initialState, scale, null, x => GatedLinear.Parallel(x.Q, x.K, x.V, x.LogGate, x.State));

    /// <summary>The state from chunk to chunk: memory that does not grow with T² where it is causal.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="initialState"><c>[B,H,D,Dv+1]</c>, as an earlier call returned it; nothing seen yet when null.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <param name="scale">Factor on the queries.</param>
    /// <inheritdoc cref="Parallel" path="/returns"/>
    public static AttentionOutput Chunked(
        Tensor q, Tensor k, Tensor v, bool causal = false, Tensor? initialState = null, int chunk = 64, double scale = 1) =>
        Run(q, k, v, causal, initialState, scale, chunk, x => GatedLinear.Chunked(x.Q, x.K, x.V, x.LogGate, x.State, chunk));

    /// <summary>One token after another.</summary>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Recurrent(Tensor q, Tensor k, Tensor v, bool causal = false, Tensor? initialState = null, double scale = 1) =>
        Run(q, k, v, causal, initialState, scale, 1, x => GatedLinear.Recurrent(x.Q, x.K, x.V, x.LogGate, x.State));

    /// <summary>One decoding step: tensors with T = 1 and the state before it.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Step(Tensor q, Tensor k, Tensor v, Tensor? initialState, double scale = 1) =>
        Recurrent(q, k, v, causal: true, initialState, scale);

    /// <summary>The matrix P of O = PV; without an initial state. Rows do not sum to one, for q may have any sign.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <param name="scale">Factor on the queries.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(Tensor q, Tensor k, bool causal = false, IReadOnlyList<int>? rows = null, double scale = 1)
    {
        Arguments.Qk(q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        var queries = q.Widen() * Arguments.Scale(scale, 1);
        if (!causal)
            return queries.Pick(rows).matmul(k.Widen().softmax(2).transpose(-2, -1)).MoveToOuterDisposeScope();
        Arguments.SameLength(q, k);
        var (weights, logGate, _) = AdditiveDecay.Of(k.Widen(), null);
        return GatedLinear.Weights(queries, weights, logGate, rows).MoveToOuterDisposeScope();
    }

    private static AttentionOutput Run(
        Tensor q, Tensor k, Tensor v, bool causal, Tensor? initialState, double scale, long? chunk, Func<GatedOperands, AttentionOutput> gated)
    {
        Arguments.Positive(chunk ?? 1, nameof(chunk));
        Arguments.Qkv(q, k, v);
        if (causal)
            Arguments.SameLength(q, k);
        using var scope = NewDisposeScope();
        var width = v.size(3);
        var state = initialState is null ? null : DecayOperands.InitialState(initialState, q, q.size(3), width + 1, "[B,H,D,Dv+1]");
        var (mean, past) = (state?.narrow(3, 0, width), state?.narrow(3, width, 1).transpose(-2, -1));
        var queries = q.Widen() * Arguments.Scale(scale, 1);
        if (!causal)
        {
            var (all, z) = AdditiveDecay.Mean(k.Widen(), v.Widen(), mean, past, chunk ?? k.size(2));
            return new AttentionOutput(queries.matmul(all).to(q.dtype), cat([all, z.transpose(-2, -1)], 3)).MoveOut();
        }
        var (weights, logGate, last) = AdditiveDecay.Of(k.Widen(), past);
        var empty = mean ?? zeros([q.size(0), q.size(1), q.size(3), width], queries.dtype, q.device);
        var result = gated(new(queries, weights, v.Widen(), logGate, empty));
        return new AttentionOutput(result.Output.to(q.dtype), cat([result.State!, last.transpose(-2, -1)], 3)).MoveOut();
    }
}
