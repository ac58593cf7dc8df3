using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Linear attention with a scalar decay as a sum over the past: o_t = Σ_{s≤t} (q_t·k_s)·w_s·v_s, where the weight w_s is 1 when s is new
/// and is multiplied by a_t at every token t after it.
/// </summary>
internal static class DecayReference
{
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="decay">a itself, <c>[B,H,T,1]</c>.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>; zero when null.</param>
    public static AttentionOutput Run(Tensor q, Tensor k, Tensor v, Tensor decay, Tensor? initialState)
    {
        var initial = initialState ?? zeros([q.size(0), q.size(1), q.size(3), v.size(3)], q.dtype, q.device);
        var one = ones_like(v.narrow(2, 0, 1).narrow(3, 0, 1));
        var (weights, kept) = (one.narrow(2, 0, 0), one);
        var outputs = new List<Tensor>();
        for (var t = 0L; t < q.size(2); t++)
        {
            var a = decay.narrow(2, t, 1);
            (weights, kept) = (cat([weights * a, one], 2), kept * a);
            var query = q.narrow(2, t, 1);
            var scores = (query * k.narrow(2, 0, t + 1)).sum(-1, keepdim: true) * weights;
            outputs.Add((scores * v.narrow(2, 0, t + 1)).sum(2, keepdim: true) + kept * query.matmul(initial));
        }
        return new(cat(outputs, 2), kept * initial + ((weights * k).unsqueeze(-1) * v.unsqueeze(-2)).sum(2));
    }
}
