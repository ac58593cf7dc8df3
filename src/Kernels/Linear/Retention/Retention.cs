using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Retention, o_t = D^{−½} Σ_{s≤t} γ^{t−s}(q_t e^{itθ})·(k_s e^{isθ})^† v_s: rotary positions and one fixed decay a head
/// (Sun et al. 2023, arXiv 2307.08621, eq. 1–7). Three forms of one function; causal self-attention, before the head's norm and gate.
/// </summary>
/// <remarks>
/// Shapes: <c>q, k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, one floating dtype; <c>logDecay = log γ [B|1,H,1,1]</c>, at most 0, as
/// <see cref="DecaySlopes.Retention"/> and <see cref="DecaySlopes.LogDecay"/> give it. The state <c>[B,H,D,Dv]</c> is kept as its last token
/// sees it, S_t = γ e^{iθ} S_{t−1} + k_tᵀv_t (paper's eq. 3), so that no place has to be carried along with it. Bad arguments give an
/// <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class Retention
{
    /// <summary>All pairs at once: O(T²).</summary>
    /// <param name="q"><c>[B,H,T,D]</c>, not rotated.</param>
    /// <param name="k"><c>[B,H,T,D]</c>, not rotated.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log γ ≤ 0.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>, and the state after the last token.</returns>
    public static AttentionOutput Parallel(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState = null) =>
        Turned(q, k, v, logDecay, initialState, x => ScalarDecay.Parallel(x.Q, x.K, x.V, x.LogDecay, x.State, x.Scale));

    /// <summary>Quadratic inside a chunk, the state between chunks; rotated a stretch of chunks at a time, so that no rotated sequence lies in memory.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>, not rotated.</param>
    /// <param name="k"><c>[B,H,T,D]</c>, not rotated.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log γ ≤ 0.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <inheritdoc cref="Parallel" path="/returns"/>
    public static AttentionOutput Chunked(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState = null, int chunk = 64)
    {
        Arguments.Positive(chunk, nameof(chunk));
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        DecayOperands.CheckDecay(logDecay, q);
        using var scope = NewDisposeScope();
        var dtype = CudaKernels.OperandType(q);
        var size = Stretch.Of(chunk, q.size(2), q.device);
        var (queries, keys, values) = (q.split(size, 2), k.split(size, 2), v.split(size, 2));
        var decays = logDecay.size(2) == 1 ? null : logDecay.split(size, 2);
        var outputs = new List<Tensor>();
        var state = initialState;
        for (var i = 0; i < queries.Length; i++)
        {
            var part = Turned(queries[i], keys[i], values[i], decays?[i] ?? logDecay, state, x => ScalarDecay.Chunked(
                x.Q.to(dtype), x.K.to(dtype), x.V.to(dtype), x.LogDecay, x.State, chunk, x.Scale));
            outputs.Add(part.Output);
            state = part.State;
        }
        return new AttentionOutput(outputs.Count == 1 ? outputs[0] : cat(outputs, 2), state).MoveOut();
    }

    /// <summary>One token after another, as in decoding.</summary>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Recurrent(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState = null) =>
        Turned(q, k, v, logDecay, initialState, x => ScalarDecay.Recurrent(x.Q, x.K, x.V, x.LogDecay, x.State, x.Scale));

    /// <summary>One decoding step: tensors with T = 1 and the state before it.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Step(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState) =>
        Recurrent(q, k, v, logDecay, initialState);

    /// <summary>The matrix P of O = PV; without an initial state.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>, not rotated.</param>
    /// <param name="k"><c>[B,H,T,D]</c>, not rotated.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log γ ≤ 0.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,T]</c>, float64 for float64 inputs, else float32; rows do not sum to one.</returns>
    public static Tensor Weights(Tensor q, Tensor k, Tensor logDecay, IReadOnlyList<int>? rows = null)
    {
        Arguments.Qk(q, k);
        using var scope = NewDisposeScope();
        DecayOperands.CheckDecay(logDecay, q);
        return ScalarDecay.Weights(Rope.Apply(q.Widen()), Rope.Apply(k.Widen()), logDecay.Widen(), rows, Scale(q)).MoveToOuterDisposeScope();
    }

    private static double Scale(Tensor q) => 1 / Math.Sqrt(q.size(3));

    /// <summary>Runs the core on rotated queries and keys; its state, seen from place 0, is turned there from place −1 and back from the last place.</summary>
    private static AttentionOutput Turned(
        Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState,
        Func<(Tensor Q, Tensor K, Tensor V, Tensor LogDecay, Tensor? State, double Scale), AttentionOutput> core)
    {
        Arguments.Qkv(q, k, v);
        DecayOperands.CheckDecay(logDecay, q);
        using var scope = NewDisposeScope();
        var state = initialState is null ? null : TurnState(DecayOperands.InitialState(initialState, q, q.size(3), v.size(3)), -1);
        var result = core((Rope.Apply(q.Widen()), Rope.Apply(k.Widen()), v.Widen(), logDecay.Widen(), state, Scale(q)));
        return new AttentionOutput(result.Output.to(q.dtype), TurnState(result.State!, 1 - q.size(2))).MoveOut();
    }

    private static Tensor TurnState(Tensor state, long place) =>
        Rope.Turn(state.transpose(-2, -1), tensor([place], device: state.device)).transpose(-2, -1);
}
