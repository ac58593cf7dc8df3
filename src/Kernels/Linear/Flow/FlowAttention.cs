using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Flow-Attention: linear attention as a flow network of conserved capacity. Sources compete for the flow by a softmax over tokens, sinks are
/// gated: o_i = σ(Î_i·n/m)·φ(q_i)/I_i·Σ_j φ(k_j)ᵀv_j·m·softmax(Ô)_j (Wu et al. 2022, arXiv 2202.06258, §3; the factors m and n/m are the
/// published code's). Causal, every sum runs up to the token, and the competition of a source is that at its own token.
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; causal calls are self-attention. Sums of
/// half-precision inputs are float32. The state is <c>[B,H,F+1,Dv+4]</c>, F the width of φ: Σφ(k)ᵀv·c; right of it the columns Σφ(k), Σφ(q),
/// Σφ(k)·n/O and Σφ(q)·m/I; below these m, n and log Σe^Ô. Tokens of a state keep the flows and the competition they had. Bad arguments give
/// an <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class FlowAttention
{
    /// <summary>All pairs at once: O(Tq·Tk) memory.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a token sees only sources and sinks at or before its place.</param>
    /// <param name="initialState"><c>[B,H,F+1,Dv+4]</c>, as an earlier call returned it; nothing seen yet when null.</param>
    /// <param name="options">φ, clamp, competition, allocation; the paper's when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>, and the state after all tokens.</returns>
    public static AttentionOutput Parallel(
        Tensor q, Tensor k, Tensor v, bool causal = false, Tensor? initialState = null, FlowOptions? options = null) =>
        Run(q, k, v, causal, initialState, options, null);

    /// <summary>Linear time: values are summed before queries meet them; where it is causal, chunk by chunk.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a token sees only sources and sinks at or before its place.</param>
    /// <param name="initialState"><c>[B,H,F+1,Dv+4]</c>, as an earlier call returned it; nothing seen yet when null.</param>
    /// <param name="chunk">Tokens a chunk of a causal call; the last one may be shorter.</param>
    /// <param name="options">φ, clamp, competition, allocation; the paper's when null.</param>
    /// <inheritdoc cref="Parallel" path="/returns"/>
    public static AttentionOutput Chunked(
        Tensor q, Tensor k, Tensor v, bool causal = false, Tensor? initialState = null, int chunk = 64, FlowOptions? options = null) =>
        Run(q, k, v, causal, initialState, options, chunk);

    /// <summary>One token after another where it is causal.</summary>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Recurrent(
        Tensor q, Tensor k, Tensor v, bool causal = false, Tensor? initialState = null, FlowOptions? options = null) =>
        Chunked(q, k, v, causal, initialState, chunk: 1, options);

    /// <summary>One decoding step: tensors with T = 1 and the state before it.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    /// <inheritdoc cref="Parallel"/>
    public static AttentionOutput Step(Tensor q, Tensor k, Tensor v, Tensor? initialState, FlowOptions? options = null) =>
        Recurrent(q, k, v, causal: true, initialState, options);

    /// <summary>The flows, the competition and the allocation; without an initial state.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether a token sees only sources and sinks at or before its place.</param>
    /// <param name="options">φ, clamp, competition, allocation; the paper's when null.</param>
    /// <returns>Tensors in float64 for float64 inputs, else float32.</returns>
    public static FlowStats Stats(Tensor q, Tensor k, bool causal = false, FlowOptions? options = null)
    {
        Check(q, k, causal);
        using var scope = NewDisposeScope();
        var (_, _, stats) = Measure(q, k, causal, options ?? FlowOptions.Default);
        return stats.Map(tensor => tensor.MoveToOuterDisposeScope());
    }

    /// <summary>The matrix A of O = AV, A_ij = σ(Î_i·n/m)·φ(q_i)·φ(k_j)/I_i·m·softmax(Ô)_j; without an initial state. Rows do not sum to one.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether a token sees only sources and sinks at or before its place.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <param name="options">φ, clamp, competition, allocation; the paper's when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(Tensor q, Tensor k, bool causal = false, IReadOnlyList<int>? rows = null, FlowOptions? options = null)
    {
        Check(q, k, causal);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        var (fq, fk, stats) = Measure(q, k, causal, options ?? FlowOptions.Default);
        var weights = (stats.Allocation * fq / stats.Incoming).Pick(rows).matmul((fk * stats.Competition).transpose(-2, -1));
        if (causal)
            weights = weights.masked_fill(~Visibility.Causal(q.size(2), k.size(2), q.device, rows), 0);
        return weights.MoveToOuterDisposeScope();
    }

    /// <summary>All pairs at once when <paramref name="chunk"/> is null.</summary>
    private static AttentionOutput Run(
        Tensor q, Tensor k, Tensor v, bool causal, Tensor? initialState, FlowOptions? options, long? chunk)
    {
        Arguments.Positive(chunk ?? 1, nameof(chunk));
        Arguments.Qkv(q, k, v);
        Check(q, k, causal);
        using var scope = NewDisposeScope();
        var chosen = options ?? FlowOptions.Default;
        var (fq, fk, values) = (chosen.FeatureMap(q.Widen()), chosen.FeatureMap(k.Widen()), v.Widen());
        var state = FlowState.Of(initialState, q, fq.size(3), v.size(3));
        var size = causal && chunk is { } tokens ? tokens : k.size(2);
        var outputs = new List<Tensor>();
        for (var start = 0L; start < k.size(2); start += size)
        {
            Tensor Part(Tensor x) => causal ? x.narrow(2, start, Math.Min(size, x.size(2) - start)) : x;
            var (output, after) = Stretch(Part(fq), Part(fk), Part(values), causal, state, chosen, pairs: causal || chunk is null);
            outputs.Add(output);
            state = after;
        }
        return new AttentionOutput(cat(outputs, 2).to(q.dtype), state.Pack()).MoveOut();
    }

    /// <summary>A stretch of tokens after a state, by its pairs or by the sum of its values alone.</summary>
    private static (Tensor Output, FlowState After) Stretch(
        Tensor q, Tensor k, Tensor v, bool causal, FlowState past, FlowOptions options, bool pairs)
    {
        var (stats, after) = FlowMeasure.Of(q, k, causal, past, options);
        var weighed = v * stats.Competition;
        var own = k.transpose(-2, -1).matmul(weighed);
        var sum = past.Sum is null ? own : past.Sum + own;
        var gathered = q.matmul(pairs ? past.Sum ?? zeros_like(own) : sum);
        if (pairs)
        {
            var scores = q.matmul(k.transpose(-2, -1));
            gathered = gathered + (causal ? scores.tril() : scores).matmul(weighed);
        }
        return (gathered * (stats.Allocation / stats.Incoming), after with { Sum = sum });
    }

    private static (Tensor Queries, Tensor Keys, FlowStats Stats) Measure(Tensor q, Tensor k, bool causal, FlowOptions options)
    {
        var (fq, fk) = (options.FeatureMap(q.Widen()), options.FeatureMap(k.Widen()));
        return (fq, fk, FlowMeasure.Of(fq, fk, causal, FlowState.Empty, options).Stats);
    }

    private static void Check(Tensor q, Tensor k, bool causal)
    {
        Arguments.Qk(q, k);
        if (causal)
            Arguments.SameLength(q, k);
    }
}
