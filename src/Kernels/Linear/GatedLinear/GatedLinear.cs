using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Gated linear attention, S_t = Diag(α_t)S_{t−1} + k_tᵀv_t, o_t = s·q_tS_t with a gate α_t ∈ (0,1] for every key channel
/// (Yang et al. 2024, arXiv 2312.06635, §4). Three forms of one function; causal self-attention.
/// </summary>
/// <remarks>
/// Shapes: <c>q, k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, one floating dtype; <c>logGate = log α [B,H,T,D]</c>, at most 0, in the dtype of
/// q or in float32; state <c>[B,H,D,Dv]</c>. Sums of half-precision inputs are float32. A gate below the smallest normal number of
/// the accumulator counts as that number: it forgets all the same, and keeps cumulative sums small. Bad arguments give an
/// <see cref="ArgumentException"/> that names the argument; the range of the gate is checked in host memory only, where it costs
/// no stall. All methods are differentiable.
/// </remarks>
public static class GatedLinear
{
    /// <summary>One token after another (paper's recurrent form): O(T·D·Dv).</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logGate"><c>[B,H,T,D]</c>, log α ≤ 0.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>; zero when null.</param>
    /// <param name="scale">Factor on the queries: 1 in the paper, D^−½ in many layers.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>, and the state after the last token.</returns>
    public static AttentionOutput Recurrent(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState = null, double scale = 1)
    {
        using var scope = NewDisposeScope();
        var x = GatedOperands.Of(q, k, v, logGate, initialState, scale);
        var state = x.State;
        var outputs = new List<Tensor>();
        for (var t = 0L; t < x.Length; t++)
        {
            var (qt, kt, vt, gate) = x.Slice(t, 1);
            state = gate.exp().transpose(-2, -1) * state + kt.transpose(-2, -1).matmul(vt);
            outputs.Add(qt.matmul(state));
        }
        return new AttentionOutput(cat(outputs, 2).to(q.dtype), state).MoveOut();
    }

    /// <summary>All pairs at once, with every exponent a difference of cumulative log gates and so at most 0: O(T²·D) memory.</summary>
    /// <inheritdoc cref="Recurrent"/>
    public static AttentionOutput Parallel(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState = null, double scale = 1)
    {
        using var scope = NewDisposeScope();
        var x = GatedOperands.Of(q, k, v, logGate, initialState, scale);
        return new AttentionOutput(
            (x.FromState(x.State) + x.PairScores().matmul(x.V)).to(q.dtype),
            x.Advance(x.State)).MoveOut();
    }

    /// <summary>
    /// Two-level chunks (paper's listing): matrix products everywhere but on the diagonal sub-chunks; O(T·(chunk + D)). The off-diagonal part of a
    /// chunk is cut by halves, so that all chunks of a stretch take part in one product a level. In host memory, chunks whose gates forget little (by 2^−64 at
    /// most over the chunk) need no halves; which way they go depends on all gates of the stretch, so that a later one may change the rounding of
    /// an earlier output. On a Hopper GPU, bfloat16 goes to CUDA kernels, whose chunks are their own.
    /// </summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logGate"><c>[B,H,T,D]</c>, log α ≤ 0.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>; zero when null.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <param name="subChunk">Tokens a sub-chunk; chunks are filled up until halving them gives whole ones.</param>
    /// <param name="scale">Factor on the queries.</param>
    /// <inheritdoc cref="Recurrent" path="/returns"/>
    public static AttentionOutput Chunked(
        Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState = null, int chunk = 64, int subChunk = 2, double scale = 1)
    {
        Arguments.Positive(chunk, nameof(chunk));
        Arguments.Positive(subChunk, nameof(subChunk));
        using var scope = NewDisposeScope();
        GatedOperands.Check(q, k, v, logGate, initialState);
        if (GatedFunction.TryAttend(q, k, v, logGate, initialState, scale) is { } fast)
            return fast.MoveOut();
        var x = GatedOperands.Given(q, k, v, logGate, initialState);
        var size = Math.Min(chunk, x.Length);
        var state = x.State;
        var outputs = new List<Tensor>();
        foreach (var part in x.Stretches(Stretch.Of(size, x.Length, q.device)))
        {
            using var temporaries = NewDisposeScope();
            var chunks = part.Ready(scale).InChunks(size, GatedChunk.Filled(size, subChunk));
            var (before, last) = chunks.States(state);
            var output = chunks.FromState(before) + GatedChunk.Inside(chunks, subChunk);
            outputs.Add(output.narrow(-2, 0, size).flatten(2, 3).narrow(2, 0, part.Length).MoveToOuterDisposeScope());
            state = last.MoveToOuterDisposeScope();
        }
        return new AttentionOutput(cat(outputs, 2).to(q.dtype), state).MoveOut();
    }

    /// <summary>One decoding step: tensors with T = 1 and the state before it.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    /// <inheritdoc cref="Recurrent"/>
    public static AttentionOutput Step(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState, double scale = 1) =>
        Recurrent(q, k, v, logGate, initialState, scale);

    /// <summary>The matrix P of O = PV, P_ij = s·Σ_d q_id k_jd exp(b_id − b_jd) for j ≤ i with b the cumulative log gate; without an initial state.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="logGate"><c>[B,H,T,D]</c>, log α ≤ 0.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <param name="scale">Factor on the queries.</param>
    /// <returns><c>[B,H,rows,T]</c>, float64 for float64 inputs, else float32; rows do not sum to one.</returns>
    public static Tensor Weights(Tensor q, Tensor k, Tensor logGate, IReadOnlyList<int>? rows = null, double scale = 1)
    {
        Arguments.Qk(q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        return GatedOperands.Of(q, k, k, logGate, null, scale).PairScores(rows).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The gradient of the log gates from q, k and their gradients alone (paper §4.3): with g_t = q_t∘dq_t − k_t∘dk_t,
    /// d log α_t = Σ_{i≥t} g_i; no state has to be stored.
    /// </summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="dq">Gradient of the loss by q, same shape.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="dk">Gradient of the loss by k, same shape, the final state's share included.</param>
    /// <param name="finalState"><c>[B,H,D,Dv]</c>: with <paramref name="finalStateGradient"/>, where the loss depends on the final state too.</param>
    /// <param name="finalStateGradient">Gradient of the loss by the final state.</param>
    /// <returns><c>[B,H,T,D]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor GateGradient(
        Tensor q, Tensor dq, Tensor k, Tensor dk, Tensor? finalState = null, Tensor? finalStateGradient = null)
    {
        Arguments.Qkv(q, k, k);
        Arguments.SameLength(q, k);
        Arguments.Shape(dq, nameof(dq), q, "[B,H,T,D]", q.shape);
        Arguments.Shape(dk, nameof(dk), q, "[B,H,T,D]", q.shape);
        using var scope = NewDisposeScope();
        var local = q.Widen() * dq.Widen() - k.Widen() * dk.Widen();
        var gradient = local.flip(2).cumsum(2).flip(2);
        if (finalState is not null && finalStateGradient is not null)
            gradient = gradient + (finalState.Widen() * finalStateGradient.Widen()).sum(-1).unsqueeze(2);
        return gradient.MoveToOuterDisposeScope();
    }
}
