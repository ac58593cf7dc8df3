using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Linear attention whose state decays by one number a head and token, S_t = a_t·S_{t−1} + k_tᵀv_t, o_t = s·q_tS_t with a_t ∈ (0,1]:
/// the core of lightning attention and retention (a_t = λ, fixed for each head) and of Mamba-2 (a_t from the data). Three forms of one
/// function; causal self-attention.
/// </summary>
/// <remarks>
/// Shapes: <c>q, k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, one floating dtype; <c>logDecay = log a [B,H,T,1]</c>, at most 0, in the dtype of
/// q or in float32, with 1 in place of B or T where it is the same for all sequences or tokens; state <c>[B,H,D,Dv]</c>. Sums of
/// half-precision inputs are float32; logarithms are cumulated in float64, and no exponent is ever positive. Bad arguments give an
/// <see cref="ArgumentException"/> that names the argument; the range of the decay is checked in host memory only. All methods are
/// differentiable.
/// </remarks>
public static class ScalarDecay
{
    /// <summary>One token after another, as in decoding: O(T·D·Dv).</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,T|1,1]</c>, log a ≤ 0.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <param name="scale">Factor on the queries.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>, and the state after the last token.</returns>
    public static AttentionOutput Recurrent(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState = null, double scale = 1)
    {
        using var scope = NewDisposeScope();
        var x = DecayOperands.Of(q, k, v, logDecay, initialState, scale);
        var (qs, ks, vs, decays) = (x.Q.split(1, 2), x.K.split(1, 2), x.V.split(1, 2), x.LogDecay.exp().to(x.Q.dtype).unsqueeze(-1).split(1, 2));
        var state = x.State;
        var outputs = new List<Tensor>();
        for (var t = 0; t < x.Length; t++)
        {
            state = decays[t] * state + ks[t].transpose(-2, -1).matmul(vs[t]);
            outputs.Add(qs[t].matmul(state));
        }
        return new AttentionOutput(cat(outputs, 2).to(q.dtype), state).MoveOut();
    }

    /// <summary>All pairs at once, ((QKᵀ) ⊙ M)V with M_ts = a_{s+1}·…·a_t: O(T²).</summary>
    /// <inheritdoc cref="Recurrent"/>
    public static AttentionOutput Parallel(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState = null, double scale = 1)
    {
        using var scope = NewDisposeScope();
        var x = DecayOperands.Of(q, k, v, logDecay, initialState, scale);
        var b = x.LogDecay.cumsum(-1);
        var last = b.narrow(-1, x.Length - 1, 1);
        var output = (x.Q * Factor(b)).matmul(x.State) + Scores(x, b).matmul(x.V);
        var state = Factor(last) * x.State + (x.K * Factor(last - b)).transpose(-2, -1).matmul(x.V);
        return new AttentionOutput(output.to(q.dtype), state).MoveOut();

        Tensor Factor(Tensor exponent) => exponent.to(x.Q.dtype).exp().unsqueeze(-1);
    }

    /// <summary>
    /// Quadratic inside a chunk, the state between chunks: O(T·(chunk + D)) time, and memory that grows with T, not with T², for
    /// autograd too. On a GPU, bfloat16 goes to CUDA kernels, whose chunks are their own; decays that differ from token to token, or have a
    /// gradient, want a Hopper GPU.
    /// </summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,T|1,1]</c>, log a ≤ 0.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <param name="scale">Factor on the queries.</param>
    /// <inheritdoc cref="Recurrent" path="/returns"/>
    public static AttentionOutput Chunked(
        Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState = null, int chunk = 64, double scale = 1)
    {
        Arguments.Positive(chunk, nameof(chunk));
        using var scope = NewDisposeScope();
        if ((FixedDecayFunction.TryAttend(q, k, v, logDecay, initialState, scale) ?? TryGated(q, k, v, logDecay, initialState, scale)) is { } fast)
            return fast.MoveOut();
        var x = DecayOperands.Of(q, k, v, logDecay, initialState, scale);
        var size = Math.Min(chunk, x.Length);
        var state = x.State;
        var outputs = new List<Tensor>();
        foreach (var part in x.Stretches(Stretch.Of(size, x.Length, q.device)))
        {
            using var temporaries = NewDisposeScope();
            var chunks = DecayChunks.Of(part, size);
            var (before, last) = chunks.States(state);
            outputs.Add((chunks.Inside() + chunks.FromState(before)).flatten(2, 3).narrow(2, 0, part.Length).MoveToOuterDisposeScope());
            state = last.MoveToOuterDisposeScope();
        }
        return new AttentionOutput(cat(outputs, 2).to(q.dtype), state).MoveOut();
    }

    /// <summary>One decoding step: tensors with T = 1 and the state before it.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    /// <inheritdoc cref="Recurrent"/>
    public static AttentionOutput Step(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState, double scale = 1) =>
        Recurrent(q, k, v, logDecay, initialState, scale);

    /// <summary>The matrix P of O = PV, P_ts = s·(q_t·k_s)·a_{s+1}·…·a_t for s ≤ t; without an initial state.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,T|1,1]</c>, log a ≤ 0.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <param name="scale">Factor on the queries.</param>
    /// <returns><c>[B,H,rows,T]</c>, float64 for float64 inputs, else float32; rows do not sum to one.</returns>
    public static Tensor Weights(Tensor q, Tensor k, Tensor logDecay, IReadOnlyList<int>? rows = null, double scale = 1)
    {
        using var scope = NewDisposeScope();
        var x = DecayOperands.Of(q, k, k, logDecay, null, scale);
        Arguments.Indices(rows, nameof(rows), x.Length);
        return Scores(x, x.LogDecay.cumsum(-1), rows).MoveToOuterDisposeScope();
    }

    /// <summary>By the kernels of gated linear attention, whose gate is then the same for all channels; null where they do not serve.</summary>
    private static AttentionOutput? TryGated(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState, double scale)
    {
        if (q?.device_type != TorchSharp.DeviceType.CUDA)
            return null;
        var gate = logDecay.to(ScalarType.Float32).expand(q.size(0), q.size(1), q.size(2), 1);
        return GatedFunction.TryAttend(q, k, v, gate, initialState, scale);
    }

    private static Tensor Scores(DecayOperands x, Tensor b, IReadOnlyList<int>? rows = null)
    {
        var decay = x.SameForAllTokens && rows is null
            ? DecayMask.OfPowers(x.LogDecay.narrow(-1, 0, 1), x.Length, x.Q.dtype)
            : DecayMask.Of(
                b.unsqueeze(-1).Pick(rows).squeeze(-1), b, ~Visibility.Causal(x.Length, x.Length, x.Q.device, rows), x.Q.dtype);
        return x.Q.Pick(rows).matmul(x.K.transpose(-2, -1)) * decay;
    }
}
