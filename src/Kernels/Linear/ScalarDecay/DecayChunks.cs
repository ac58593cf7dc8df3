using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The operands cut into chunks of one size, <c>[B,H,N,C,·]</c>. A short last chunk is filled up with zero keys and decays of one, which
/// leave the state as it is.
/// </summary>
/// <param name="Q"><c>[B,H,N,C,D]</c>.</param>
/// <param name="K"><c>[B,H,N,C,D]</c>.</param>
/// <param name="V"><c>[B,H,N,C,Dv]</c>.</param>
/// <param name="Cumulative">Σ log a from a chunk's first token to each of its tokens, <c>[B|1,H,N,C]</c> in float64.</param>
/// <param name="Within">The same as far as pairs of one chunk need it: <c>[B|1,H,1,C]</c> where it is the same for all tokens.</param>
internal sealed record DecayChunks(Tensor Q, Tensor K, Tensor V, Tensor Cumulative, Tensor Within)
{
    public static DecayChunks Of(DecayOperands x, long size)
    {
        var missing = (size - x.Length % size) % size;
        Tensor Cut(Tensor tensor) => (missing == 0 ? tensor : nn.functional.pad(tensor, [0, 0, 0, missing])).unflatten(2, [-1, size]);
        var logDecay = (missing == 0 ? x.LogDecay : nn.functional.pad(x.LogDecay, [0, missing])).unflatten(2, [-1, size]);
        var cumulative = logDecay.cumsum(-1);
        return new(Cut(x.Q), Cut(x.K), Cut(x.V), cumulative, x.SameForAllTokens ? cumulative.narrow(2, 0, 1) : cumulative);
    }

    /// <summary>What the tokens of a chunk give to each other, <c>[B,H,N,C,Dv]</c>.</summary>
    public Tensor Inside()
    {
        var size = Q.shape[3];
        var unseen = ~Visibility.Causal(size, size, Q.device);
        var fromTo = (Within.unsqueeze(-1) - Within.unsqueeze(-2)).to(Q.dtype);
        return (Q.matmul(K.transpose(-2, -1)) * fromTo.masked_fill(unseen, double.NegativeInfinity).exp()).matmul(V);
    }

    /// <summary>What the states before each chunk, <c>[B,H,N,D,Dv]</c>, give to its tokens.</summary>
    public Tensor FromState(Tensor states) => (Q * Cumulative.to(Q.dtype).exp().unsqueeze(-1)).matmul(states);

    /// <summary>The states before each chunk, <c>[B,H,N,D,Dv]</c>, and the one after the last.</summary>
    public (Tensor Before, Tensor Last) States(Tensor initial)
    {
        var end = Cumulative.narrow(-1, Cumulative.shape[3] - 1, 1);
        var kept = end.to(Q.dtype).exp().unsqueeze(-1).unbind(2);
        var written = (K * (end - Cumulative).to(Q.dtype).exp().unsqueeze(-1)).transpose(-2, -1).matmul(V).unbind(2);
        var states = new List<Tensor>();
        var state = initial;
        foreach (var (keep, write) in kept.Zip(written))
        {
            states.Add(state);
            state = keep * state + write;
        }
        return (stack(states, 2), state);
    }
}
