using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>RALA as the paper writes it, one query at a time.</summary>
internal static class RalaReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v, gate) = (inputs.Q, inputs.K, inputs.V, inputs.Tensor(RalaRow.Gate));
        var (fq, fk, tokens) = (LinearAttention.EluPlusOne(q), LinearAttention.EluPlusOne(k), k.size(2));
        var globalQuery = q.mean([2], keepdim: true);
        var alpha = tokens * ((globalQuery * fk).sum(-1, keepdim: true) / Math.Sqrt(q.size(3))).softmax(2);
        var outputs = new List<Tensor>();
        for (var i = 0L; i < tokens; i++)
        {
            var scores = alpha * (fq.narrow(2, i, 1) * fk).sum(-1, keepdim: true);
            var attended = (scores * v).mean([2], keepdim: true) / scores.mean([2], keepdim: true).clamp_min(Rala.Floor);
            outputs.Add(gate.narrow(2, i, 1) * attended);
        }
        return new(cat(outputs, 2));
    }
}
