using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The checked operands of linear attention with a scalar decay: q (scaled), k, v and the state in the accumulator's dtype, and
/// <c>LogDecay [B|1,H,T]</c> in float64.
/// </summary>
internal sealed record DecayOperands(Tensor Q, Tensor K, Tensor V, Tensor LogDecay, bool SameForAllTokens, Tensor State)
{
    // What a decay below the smallest normal number does cannot be told apart from forgetting everything; bounded, sums stay exact.
    private const double Least = -708;

    public long Length => Q.size(2);

    public static DecayOperands Of(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState, double scale)
    {
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        CheckDecay(logDecay, q);
        var queries = q.Widen();
        var factor = Arguments.Scale(scale, 1);
        var logarithms = logDecay.to(ScalarType.Float64).clamp_min(Least).squeeze(-1);
        return new(
            factor == 1 ? queries : queries * factor, k.Widen(), v.Widen(),
            logarithms.expand(logDecay.size(0), logDecay.size(1), q.size(2)), logDecay.size(2) == 1,
            InitialState(initialState, q, q.size(3), v.size(3)));
    }

    /// <summary>The tokens in stretches of that size, the last one shorter.</summary>
    public IEnumerable<DecayOperands> Stretches(long size)
    {
        var (q, k, v, logDecay) = (Q.split(size, 2), K.split(size, 2), V.split(size, 2), LogDecay.split(size, 2));
        return q.Select((part, i) => this with { Q = part, K = k[i], V = v[i], LogDecay = logDecay[i] });
    }

    /// <summary>Checks <c>logDecay [B|1,H,T|1,1]</c>.</summary>
    public static void CheckDecay(Tensor logDecay, Tensor q)
    {
        var (sequences, tokens) = logDecay?.dim() == 4 ? (logDecay.size(0), logDecay.size(2)) : (0, 0);
        Arguments.Shape(
            logDecay!, nameof(logDecay), q, "[B|1,H,T|1,1]", sequences == 1 ? 1 : q.size(0), q.size(1), tokens == 1 ? 1 : q.size(2), 1);
        Arguments.AtMostZero(logDecay!, nameof(logDecay), "log decays");
    }

    /// <summary>The state to start from <c>[B,H,rows,columns]</c>, checked, in the accumulator's dtype; zeros when none is given.</summary>
    public static Tensor InitialState(Tensor? initialState, Tensor q, long rows, long columns, string meaning = "[B,H,D,Dv]")
    {
        long[] shape = [q.size(0), q.size(1), rows, columns];
        var dtype = Accumulator.For(q.dtype);
        if (initialState is null)
            return zeros(shape, dtype, q.device);
        Arguments.Shape(initialState, nameof(initialState), q, meaning, shape);
        return initialState.to(dtype);
    }
}
