using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The checked operands of gated linear attention in the accumulator's dtype, with log gates cumulated from their own first token.</summary>
internal sealed record GatedOperands(Tensor Q, Tensor K, Tensor V, Tensor LogGate, Tensor State)
{
    private Tensor? _cumulative;

    public long Length => Q.shape[2];

    /// <summary>b_t = Σ_{s≤t} log α_s, from this part's first token.</summary>
    public Tensor Cumulative => _cumulative ??= LogGate.cumsum(2);

    public static GatedOperands Of(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState, double scale)
    {
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        Arguments.Shape(logGate, nameof(logGate), q, "[B,H,T,D]", q.shape);
        long[] stateShape = [q.shape[0], q.shape[1], q.shape[3], v.shape[3]];
        if (initialState is not null)
            Arguments.Shape(initialState, nameof(initialState), q, "[B,H,D,Dv]", stateShape);
        Arguments.AtMostZero(logGate, nameof(logGate), "log gates");

        var queries = q.Widen() * Arguments.Scale(scale, 1);
        return new(
            queries, k.Widen(), v.Widen(), logGate.to(queries.dtype).clamp_min(SmallestLog(queries.dtype)),
            initialState?.to(queries.dtype) ?? zeros(stateShape, queries.dtype, q.device));
    }

    public (Tensor Q, Tensor K, Tensor V, Tensor LogGate) Slice(long start, long size) =>
        (Q.narrow(2, start, size), K.narrow(2, start, size), V.narrow(2, start, size), LogGate.narrow(2, start, size));

    /// <summary>A stretch of tokens with gates cumulated anew.</summary>
    public GatedOperands Part(long start, long size)
    {
        var (q, k, v, logGate) = Slice(start, size);
        return new(q, k, v, logGate, State);
    }

    /// <summary>What the state before this part adds to its outputs.</summary>
    public Tensor FromState(Tensor state) => (Q * Cumulative.exp()).matmul(state);

    /// <summary>The state after this part.</summary>
    public Tensor Advance(Tensor state)
    {
        var last = Cumulative.narrow(2, Length - 1, 1);
        return last.exp().transpose(-2, -1) * state + (K * (last - Cumulative).exp()).transpose(-2, -1).matmul(V);
    }

    /// <summary>P_ij of all pairs, or of the chosen query rows, <c>[B,H,rows,T]</c>: a sum over channels that is no matrix product.</summary>
    public Tensor PairScores(IReadOnlyList<int>? rows = null)
    {
        var unseen = ~Visibility.Causal(Length, Length, Q.device, rows);
        var decay = (Cumulative.Pick(rows).unsqueeze(3) - Cumulative.unsqueeze(2)).masked_fill(unseen.unsqueeze(-1), double.NegativeInfinity).exp();
        return (Q.Pick(rows).unsqueeze(3) * K.unsqueeze(2) * decay).sum(-1);
    }

    /// <summary>The logarithm of the smallest normal number: what a gate below it does cannot be told apart.</summary>
    private static double SmallestLog(ScalarType dtype) => dtype == ScalarType.Float64 ? -708 : -87;
}
