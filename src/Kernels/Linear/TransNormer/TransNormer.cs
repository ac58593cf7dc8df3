using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// TransNormerLLM's attention, o_t = Σ_{s≤t} λ^{t−s}[Σ_j q_tj k_sj cos θ_j(t − s)]v_s: linear attention with LRPE positions and a fixed
/// decay a head, without scale or denominator (Qin et al. 2023, arXiv 2307.14995). Its norm, over all heads together, is
/// <see cref="OverHeads"/>. Three forms of one function; causal self-attention.
/// </summary>
/// <remarks>
/// Shapes: <c>q, k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, one floating dtype; <c>logDecay = log λ [B|1,H,1,1]</c>, at most 0; <c>theta = θ
/// [B|1,H,1,D]</c>, both in the dtype of q or in float32. The state <c>[B,H,2D,Dv]</c> is kept as its last token sees it, so that no place
/// has to be carried along with it. Bad arguments give an <see cref="ArgumentException"/> that names the argument. All methods are
/// differentiable, by θ too.
/// </remarks>
public static class TransNormer
{
    /// <summary>All pairs at once: O(T²).</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log λ ≤ 0.</param>
    /// <param name="theta"><c>[B|1,H,1,D]</c>.</param>
    /// <param name="initialState"><c>[B,H,2D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>, and the state after the last token.</returns>
    public static AttentionOutput Parallel(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor theta, Tensor? initialState = null) =>
        Placed(q, k, v, logDecay, theta, initialState, (x, log) => ScalarDecay.Parallel(x.Q, x.K, x.V, log, x.InitialState));

    /// <summary>Quadratic inside a chunk, the state between chunks.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log λ ≤ 0.</param>
    /// <param name="theta"><c>[B|1,H,1,D]</c>.</param>
    /// <param name="initialState"><c>[B,H,2D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <inheritdoc cref="Parallel" path="/returns"/>
    public static AttentionOutput Chunked(
        Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor theta, Tensor? initialState = null, int chunk = 64) =>
        Placed(q, k, v, logDecay, theta, initialState, (x, log) => ScalarDecay.Chunked(x.Q, x.K, x.V, log, x.InitialState, chunk));

    /// <summary>The robust inference of the paper, kv_t = λ·kv_{t−1} + k_tᵀv_t, one token after another.</summary>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Recurrent(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor theta, Tensor? initialState = null) =>
        Placed(q, k, v, logDecay, theta, initialState, (x, log) => ScalarDecay.Recurrent(x.Q, x.K, x.V, log, x.InitialState));

    /// <summary>One decoding step: tensors with T = 1 and the state before it.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Step(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor theta, Tensor? initialState) =>
        Recurrent(q, k, v, logDecay, theta, initialState);

    /// <summary>The matrix P of O = PV, before the norm; without an initial state.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log λ ≤ 0.</param>
    /// <param name="theta"><c>[B|1,H,1,D]</c>.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,T]</c>, float64 for float64 inputs, else float32; rows do not sum to one.</returns>
    public static Tensor Weights(Tensor q, Tensor k, Tensor logDecay, Tensor theta, IReadOnlyList<int>? rows = null)
    {
        Arguments.Qk(q, k);
        using var scope = NewDisposeScope();
        DecayOperands.CheckDecay(logDecay, q);
        return ScalarDecay.Weights(Lrpe.Apply(q, theta), Lrpe.Apply(k, theta), logDecay.Widen(), rows).MoveToOuterDisposeScope();
    }

    /// <summary>NormAttention's norm: heads side by side, then <see cref="SimpleRmsNorm"/> over all their channels.</summary>
    /// <param name="output"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="epsilon">The norm's ε.</param>
    /// <returns><c>[B,T,H·Dv]</c>, each vector of length √(H·Dv).</returns>
    public static Tensor OverHeads(Tensor output, double epsilon = SimpleRmsNorm.DefaultEpsilon)
    {
        Arguments.Qk(output, output);
        using var scope = NewDisposeScope();
        return SimpleRmsNorm.Apply(output.transpose(1, 2).flatten(2, 3), epsilon).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Runs the core on LRPE features. Places are counted from the middle of the call, for the gradient by θ sums what queries and keys give it
    /// by their places, and most of that cancels. The state, seen from place 0, comes from before the first token and goes to the last one.
    /// </summary>
    private static AttentionOutput Placed(
        Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor theta, Tensor? initialState, Func<AttentionInputs, Tensor, AttentionOutput> core)
    {
        Arguments.Qkv(q, k, v);
        DecayOperands.CheckDecay(logDecay, q);
        using var scope = NewDisposeScope();
        var first = -(q.size(2) / 2);
        var (queries, keys) = (Lrpe.Apply(q, theta, first), Lrpe.Apply(k, theta, first));
        var state = initialState is null
            ? null
            : Lrpe.MoveOn(DecayOperands.InitialState(initialState, q, 2 * q.size(3), v.size(3), "[B,H,2D,Dv]"), theta, 1 - first);
        var result = core(new(queries, keys, v.Widen()) { InitialState = state }, logDecay.Widen());
        return new AttentionOutput(result.Output.to(q.dtype), Lrpe.MoveOn(result.State!, theta, first + q.size(2) - 1)).MoveOut();
    }
}
