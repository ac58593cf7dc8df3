using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The additive recurrence in terms of gated linear attention: token t is written with weight e^{k_t − z_t}, what was there is kept by
/// e^{z_{t−1} − z_t}, so that weights sum to one at every token.
/// </summary>
public static class AdditiveDecay
{
    /// <summary>Weights, log gates and the last z. The first token of all is written with weight one, whatever its key.</summary>
    /// <param name="k">Keys <c>[B,H,T,D]</c>, float32 or float64.</param>
    /// <param name="past">z before the first token, <c>[B,H,1,D]</c>; nothing was seen when null.</param>
    /// <returns>Weights and log gates <c>[B,H,T,D]</c>, the gates at most 0; z after the last token, <c>[B,H,1,D]</c>.</returns>
    public static (Tensor Weights, Tensor LogGate, Tensor Last) Of(Tensor k, Tensor? past = null)
    {
        Arguments.Qk(k, k);
        using var scope = NewDisposeScope();
        var length = k.size(2);
        var z = past is null ? k.logcumsumexp(2) : cat([past, k], 2).logcumsumexp(2).narrow(2, 1, length);
        var before = past ?? z.narrow(2, 0, 1);
        var previous = length == 1 ? before : cat([before, z.narrow(2, 0, length - 1)], 2);
        var result = ((k - z).exp(), (previous - z).clamp_max(0), z.narrow(2, length - 1, 1).clone());
        return (result.Item1.MoveToOuterDisposeScope(), result.Item2.MoveToOuterDisposeScope(), result.Item3.MoveToOuterDisposeScope());
    }

    /// <summary>The mean of all values by the softmax of their keys, chunk by chunk with the earlier part rescaled.</summary>
    internal static (Tensor Mean, Tensor Z) Mean(Tensor k, Tensor v, Tensor? mean, Tensor? past, long chunk)
    {
        foreach (var (keys, values) in k.split(chunk, 2).Zip(v.split(chunk, 2)))
        {
            var own = keys.logsumexp(2, keepdim: true);
            var z = past is null ? own : past.logaddexp(own);
            var written = (keys - z).exp().transpose(-2, -1).matmul(values);
            mean = mean is null ? written : (past! - z).exp().transpose(-2, -1) * mean + written;
            past = z;
        }
        return (mean!, past!);
    }
}
