using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Linear attention as the paper writes it (eq. 5), one query at a time, with any feature map.</summary>
internal static class LinearReference
{
    public static AttentionOutput Run(AttentionInputs inputs, FeatureMap map)
    {
        var (fq, fk, v) = (map.Queries(inputs.Q), map.Keys(inputs.K), inputs.V);
        var (queries, keys, width) = (fq.size(2), fk.size(2), v.size(3));
        var initial = inputs.InitialState ?? zeros([fq.size(0), fq.size(1), fq.size(3), width + 1], v.dtype, v.device);
        var outputs = new List<Tensor>();
        for (var i = 0L; i < queries; i++)
        {
            var query = fq.narrow(2, i, 1);
            var numerator = query.matmul(initial.narrow(3, 0, width));
            var denominator = query.matmul(initial.narrow(3, width, 1));
            var seen = inputs.Causal ? Visibility.Keys(i, queries, keys) : keys;
            if (seen > 0)
            {
                var scores = (query * fk.narrow(2, 0, seen)).sum(-1, keepdim: true);
                numerator = numerator + (scores * v.narrow(2, 0, seen)).sum(2, keepdim: true);
                denominator = denominator + scores.sum(2, keepdim: true);
            }
            outputs.Add(numerator / denominator.clamp_min(LinearAttention.DefaultFloor));
        }
        var values = cat([v, ones_like(v.narrow(3, 0, 1))], 3);
        return new(cat(outputs, 2), initial + (fk.unsqueeze(-1) * values.unsqueeze(-2)).sum(2));
    }
}
