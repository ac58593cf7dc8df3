using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>cosFormer as the paper writes it before the cosine is split (eq. 9), one query at a time.</summary>
internal static class CosFormerReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v) = (nn.functional.relu(inputs.Q), nn.functional.relu(inputs.K), inputs.V);
        var (queries, keys) = (q.size(2), k.size(2));
        var (horizon, first) = CosFormer.Places(queries, keys, inputs.Causal);
        var outputs = new List<Tensor>();
        for (var i = 0L; i < queries; i++)
        {
            var seen = inputs.Causal ? Visibility.Keys(i, queries, keys) : keys;
            if (seen <= 0)
            {
                outputs.Add(zeros_like(v.narrow(2, 0, 1)));
                continue;
            }
            var distance = i + first - arange(seen, ScalarType.Float64, q.device);
            var nearness = cos(Math.PI / 2 * distance / horizon).to(q.dtype).unsqueeze(-1);
            var scores = (q.narrow(2, i, 1) * k.narrow(2, 0, seen)).sum(-1, keepdim: true) * nearness;
            var sum = scores.sum(2, keepdim: true).clamp_min(LinearAttention.DefaultFloor);
            outputs.Add((scores * v.narrow(2, 0, seen)).sum(2, keepdim: true) / sum);
        }
        return new(cat(outputs, 2));
    }
}
