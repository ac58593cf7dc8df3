using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The checked operands of gated linear attention in the accumulator's dtype, <c>[B,H,…,T,·]</c>, with log gates cumulated, in bits, from their own
/// first token. The dimensions between the heads and the tokens are stretches of a sequence that are worked on side by side.
/// </summary>
internal sealed record GatedOperands(Tensor Q, Tensor K, Tensor V, Tensor LogGate, Tensor State)
{
    private Tensor? _cumulative, _kept, _queriesFromStart;

    public long Length => Q.size(-2);

    /// <summary>b_t = Σ_{s≤t} log₂ α_s, from this part's first token.</summary>
    public Tensor Cumulative => _cumulative ??= LogGate.cumsum(-2) * (1 / Bits.Natural);

    /// <summary>b at the last token, <c>[…,1,D]</c>: what the whole part does to a state.</summary>
    public Tensor Total => Cumulative.narrow(-2, Length - 1, 1);

    /// <summary>2^b: what is left at each token of the state before this part.</summary>
    public Tensor Kept => _kept ??= Cumulative.exp2();

    /// <summary>q∘2^b: what the queries see of the state before this part.</summary>
    public Tensor QueriesFromStart => _queriesFromStart ??= Q * Kept;

    /// <summary>k∘2^(b_last − b): what is left of the keys after this part.</summary>
    public Tensor KeysToEnd => K * (Total - Cumulative).exp2();

    /// <summary>Operands checked and ready to sum.</summary>
    public static GatedOperands Of(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState, double scale)
    {
        Check(q, k, v, logGate, initialState);
        return Given(q, k, v, logGate, initialState).Ready(scale);
    }

    public static void Check(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState)
    {
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        Arguments.Shape(logGate, nameof(logGate), q, "[B,H,T,D]", q.shape);
        if (initialState is not null)
            Arguments.Shape(initialState, nameof(initialState), q, "[B,H,D,Dv]", q.size(0), q.size(1), q.size(3), v.size(3));
        Arguments.AtMostZero(logGate, nameof(logGate), "log gates");
    }

    /// <summary>Operands as they were given, checked before, widened alone.</summary>
    public static GatedOperands Given(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState) =>
        new(q.Widen(), k.Widen(), v.Widen(), logGate, DecayOperands.InitialState(initialState, q, q.size(3), v.size(3)));

    /// <summary>Queries scaled, and no gate below the least that counts.</summary>
    public GatedOperands Ready(double scale) =>
        new(Q * Arguments.Scale(scale, 1), K, V, LogGate.to(Q.dtype).clamp_min(SmallestLog(Q.dtype)), State);

    public (Tensor Q, Tensor K, Tensor V, Tensor LogGate) Slice(long start, long size) =>
        (Q.narrow(2, start, size), K.narrow(2, start, size), V.narrow(2, start, size), LogGate.narrow(2, start, size));

    /// <summary>The tokens in stretches of that size, the last one shorter, with gates cumulated anew in each.</summary>
    public IEnumerable<GatedOperands> Stretches(long size)
    {
        // Split once, not cut off one by one: the gradient of a cut is as long as the whole.
        var (q, k, v, logGate) = (Q.split(size, 2), K.split(size, 2), V.split(size, 2), LogGate.split(size, 2));
        return q.Select((part, i) => new GatedOperands(part, k[i], v[i], logGate[i], State));
    }

    /// <summary>
    /// The tokens in chunks, <c>[B,H,N,·,·]</c>. Chunks are filled up to <paramref name="filled"/> tokens with queries, keys and values of zero and gates
    /// of one, which leave the state as it is.
    /// </summary>
    public GatedOperands InChunks(long size, long filled)
    {
        var missing = (size - Length % size) % size;
        return Map(tensor => Fill(Fill(tensor, missing).unflatten(2, [-1, size]), filled - size));
    }

    /// <summary>The operands of tokens, each changed in the same way.</summary>
    public GatedOperands Map(Func<Tensor, Tensor> change) => new(change(Q), change(K), change(V), change(LogGate), State);

    /// <summary>The states before each chunk of <see cref="InChunks"/>, <c>[B,H,N,D,Dv]</c>, and the one after the last.</summary>
    public (Tensor Before, Tensor Last) States(Tensor initial)
    {
        var kept = Total.exp2().transpose(-2, -1).unbind(2);
        var written = KeysToEnd.transpose(-2, -1).matmul(V).unbind(2);
        var states = new List<Tensor>();
        var state = initial;
        for (var n = 0; n < written.Length; n++)
        {
            states.Add(state);
            state = kept[n] * state + written[n];
        }
        return (stack(states, 2), state);
    }

    /// <summary>What the state before this part adds to its outputs.</summary>
    public Tensor FromState(Tensor state) => QueriesFromStart.matmul(state);

    /// <summary>The state after this part.</summary>
    public Tensor Advance(Tensor state) => Total.exp2().transpose(-2, -1) * state + KeysToEnd.transpose(-2, -1).matmul(V);

    /// <summary>P_ij of all pairs, or of the chosen query rows, <c>[B,H,…,rows,T]</c>: a sum over channels that is no matrix product.</summary>
    public Tensor PairScores(IReadOnlyList<int>? rows = null)
    {
        var unseen = ~Visibility.Causal(Length, Length, Q.device, rows);
        var decay = (Cumulative.Pick(rows).unsqueeze(-2) - Cumulative.unsqueeze(-3)).masked_fill(unseen.unsqueeze(-1), double.NegativeInfinity).exp2();
        return (Q.Pick(rows).unsqueeze(-2) * K.unsqueeze(-3) * decay).sum(-1);
    }

    private static Tensor Fill(Tensor tensor, long missing) => missing == 0 ? tensor : nn.functional.pad(tensor, [0, 0, 0, missing]);

    /// <summary>The logarithm of the smallest normal number: what a gate below it does cannot be told apart.</summary>
    private static double SmallestLog(ScalarType dtype) => dtype == ScalarType.Float64 ? -708 : -87;
}
