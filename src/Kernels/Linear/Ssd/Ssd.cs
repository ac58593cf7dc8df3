using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// State space duality (Mamba-2), h_t = e^{Δ_t A}·h_{t−1} + Δ_t·B_tᵀx_t, y_t = C_t h_t, with A a negative number a head: linear attention
/// with queries C, keys B, values Δ∘x and a decay that each token sets itself (Dao and Gu 2024, arXiv 2405.21060, §2 and §6). Three forms
/// of one function; causal self-attention, without the skip D∘x.
/// </summary>
/// <remarks>
/// Shapes: <c>c, b [B,H,T,D]</c> (D is the state size N), <c>x [B,H,T,Dv]</c>, one floating dtype; <c>step = Δ [B,H,T,1]</c>, at least 0;
/// <c>rate = A [B|1,H,1,1]</c>, at most 0; state <c>[B,H,D,Dv]</c>. Bad arguments give an <see cref="ArgumentException"/> that names the
/// argument. All methods are differentiable.
/// </remarks>
public static class Ssd
{
    /// <summary>The quadratic form, y = (L ∘ CBᵀ)(Δ∘x) with L the 1-semiseparable matrix of decays: O(T²).</summary>
    /// <param name="c">C, the queries, <c>[B,H,T,D]</c>.</param>
    /// <param name="b">B, the keys, <c>[B,H,T,D]</c>.</param>
    /// <param name="x">x, the values, <c>[B,H,T,Dv]</c>.</param>
    /// <param name="step">Δ ≥ 0, <c>[B,H,T,1]</c>.</param>
    /// <param name="rate">A ≤ 0, <c>[B|1,H,1,1]</c>.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="c"/>, and the state after the last token.</returns>
    public static AttentionOutput Parallel(Tensor c, Tensor b, Tensor x, Tensor step, Tensor rate, Tensor? initialState = null) =>
        Discretised(c, b, x, step, rate, initialState, (values, logDecay, state) => ScalarDecay.Parallel(c.Widen(), b.Widen(), values, logDecay, state));

    /// <summary>The paper's block decomposition: quadratic inside a chunk, the state between chunks.</summary>
    /// <param name="c">C, the queries, <c>[B,H,T,D]</c>.</param>
    /// <param name="b">B, the keys, <c>[B,H,T,D]</c>.</param>
    /// <param name="x">x, the values, <c>[B,H,T,Dv]</c>.</param>
    /// <param name="step">Δ ≥ 0, <c>[B,H,T,1]</c>.</param>
    /// <param name="rate">A ≤ 0, <c>[B|1,H,1,1]</c>.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <inheritdoc cref="Parallel" path="/returns"/>
    public static AttentionOutput Chunked(Tensor c, Tensor b, Tensor x, Tensor step, Tensor rate, Tensor? initialState = null, int chunk = 64) =>
        Discretised(c, b, x, step, rate, initialState, (values, logDecay, state) =>
        {
            var dtype = CudaKernels.OperandType(c);
            return ScalarDecay.Chunked(c.to(dtype), b.to(dtype), values.to(dtype), logDecay, state, chunk);
        });

    /// <summary>The state space model itself, one token after another.</summary>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Recurrent(Tensor c, Tensor b, Tensor x, Tensor step, Tensor rate, Tensor? initialState = null) =>
        Discretised(c, b, x, step, rate, initialState, (values, logDecay, state) => ScalarDecay.Recurrent(c.Widen(), b.Widen(), values, logDecay, state));

    /// <summary>One decoding step: tensors with T = 1 and the state before it.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Step(Tensor c, Tensor b, Tensor x, Tensor step, Tensor rate, Tensor? initialState) =>
        Recurrent(c, b, x, step, rate, initialState);

    /// <summary>The matrix P of y = Px, Δ included; without an initial state.</summary>
    /// <param name="c">C, the queries, <c>[B,H,T,D]</c>.</param>
    /// <param name="b">B, the keys, <c>[B,H,T,D]</c>.</param>
    /// <param name="step">Δ ≥ 0, <c>[B,H,T,1]</c>.</param>
    /// <param name="rate">A ≤ 0, <c>[B|1,H,1,1]</c>.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,T]</c>, float64 for float64 inputs, else float32; rows do not sum to one.</returns>
    public static Tensor Weights(Tensor c, Tensor b, Tensor step, Tensor rate, IReadOnlyList<int>? rows = null)
    {
        using var scope = NewDisposeScope();
        var logDecay = LogDecay(c, b, b, step, rate);
        return (ScalarDecay.Weights(c.Widen(), b.Widen(), logDecay, rows) * step.to(logDecay.dtype).transpose(-2, -1)).MoveToOuterDisposeScope();
    }

    private static AttentionOutput Discretised(
        Tensor c, Tensor b, Tensor x, Tensor step, Tensor rate, Tensor? initialState, Func<Tensor, Tensor, Tensor, AttentionOutput> core)
    {
        using var scope = NewDisposeScope();
        var logDecay = LogDecay(c, b, x, step, rate);
        var state = DecayOperands.InitialState(initialState, c, c.size(3), x.size(3));
        var result = core(x.Widen() * step.to(logDecay.dtype), logDecay, state);
        return new AttentionOutput(result.Output.to(c.dtype), result.State).MoveOut();
    }

    /// <summary>Checks the arguments by the names they have here; gives Δ·A <c>[B,H,T,1]</c>.</summary>
    private static Tensor LogDecay(Tensor c, Tensor b, Tensor x, Tensor step, Tensor rate)
    {
        Arguments.Qkv(c, b, x);
        Arguments.SameLength(c, b);
        Arguments.Shape(step, nameof(step), c, "[B,H,T,1]", c.size(0), c.size(1), c.size(2), 1);
        Arguments.Shape(rate, nameof(rate), c, "[B|1,H,1,1]", rate is { shape: [1, ..] } ? 1 : c.size(0), c.size(1), 1, 1);
        Arguments.AtLeastZero(step!, nameof(step), "steps");
        Arguments.AtMostZero(rate!, nameof(rate), "rates");
        var dtype = Accumulator.For(c.dtype);
        return step.to(dtype) * rate!.to(dtype);
    }
}
