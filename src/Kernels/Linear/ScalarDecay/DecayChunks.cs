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
/// <param name="Mask">The decays between tokens of one chunk, <c>[B|1,H,N,C,C]</c>, or <c>[B|1,H,1,C,C]</c> where all chunks have the same.</param>
internal sealed record DecayChunks(Tensor Q, Tensor K, Tensor V, Tensor Cumulative, Tensor Mask)
{
    public static DecayChunks Of(DecayOperands x, long size)
    {
        var missing = (size - x.Length % size) % size;
        Tensor Cut(Tensor tensor) => (missing == 0 ? tensor : nn.functional.pad(tensor, [0, 0, 0, missing])).unflatten(2, [-1, size]);
        var logDecay = (missing == 0 ? x.LogDecay : nn.functional.pad(x.LogDecay, [0, missing])).unflatten(2, [-1, size]);
        var cumulative = logDecay.cumsum(-1);
        var mask = x.SameForAllTokens
            ? DecayMask.OfPowers(x.LogDecay.narrow(-1, 0, 1), size, x.Q.dtype).unsqueeze(2)
            : DecayMask.Of(cumulative, cumulative, ~Visibility.Causal(size, size, x.Q.device), x.Q.dtype);
        return new(Cut(x.Q), Cut(x.K), Cut(x.V), cumulative, mask);
    }

    /// <summary>What the tokens of a chunk give to each other, <c>[B,H,N,C,Dv]</c>.</summary>
    public Tensor Inside() => (Q.matmul(K.transpose(-2, -1)) * Mask).matmul(V);

    /// <summary>What the states before each chunk, <c>[B,H,N,D,Dv]</c>, give to its tokens.</summary>
    public Tensor FromState(Tensor states) => (Q * Cumulative.to(Q.dtype).exp().unsqueeze(-1)).matmul(states);

    /// <summary>The states before each chunk, <c>[B,H,N,D,Dv]</c>, and the one after the last.</summary>
    public (Tensor Before, Tensor Last) States(Tensor initial)
    {
        var end = Cumulative.narrow(-1, Cumulative.size(3) - 1, 1);
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
