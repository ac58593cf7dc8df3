using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Gated linear attention with the recurrence unrolled: o_t = Σ_j (q_t·(k_j ∘ α_{j+1} ∘ … ∘ α_t)) v_j, every key carried along and
/// decayed one gate at a time.
/// </summary>
internal static class GatedReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v) = (inputs.Q, inputs.K, inputs.V);
        var gates = exp(inputs.Tensor("logGate"));
        var initial = inputs.InitialState ?? zeros([q.size(0), q.size(1), q.size(3), v.size(3)], q.dtype, q.device);
        var kept = ones_like(q.narrow(2, 0, 1));
        Tensor? decayed = null;
        var outputs = new List<Tensor>();
        for (var t = 0L; t < q.size(2); t++)
        {
            var gate = gates.narrow(2, t, 1);
            kept = kept * gate;
            decayed = decayed is null ? k.narrow(2, t, 1) : cat([decayed * gate, k.narrow(2, t, 1)], 2);
            var query = q.narrow(2, t, 1);
            var scores = (query * decayed).sum(-1, keepdim: true);
            outputs.Add((scores * v.narrow(2, 0, t + 1)).sum(2, keepdim: true) + (query * kept).matmul(initial));
        }
        var state = kept.transpose(-2, -1) * initial + (decayed!.unsqueeze(-1) * v.unsqueeze(-2)).sum(2);
        return new(cat(outputs, 2), state);
    }
}
