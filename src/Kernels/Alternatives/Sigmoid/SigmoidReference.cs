using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Sigmoid attention as the paper writes it, by 1/(1 + e^−x), one query after another over the keys that it sees.</summary>
internal static class SigmoidReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v) = (inputs.Q, inputs.K, inputs.V);
        var (queries, keys) = (q.size(2), k.size(2));
        var outputs = new List<Tensor>();
        for (var i = 0L; i < queries; i++)
        {
            var seen = inputs.Causal ? Math.Max(0, i + keys - queries + 1) : keys;
            if (seen == 0)
            {
                outputs.Add(zeros_like(v.narrow(2, 0, 1)));
                continue;
            }
            var scores = q.narrow(2, i, 1).matmul(k.narrow(2, 0, seen).transpose(-2, -1)) / Math.Sqrt(q.size(3)) - Math.Log(keys);
            outputs.Add((1 / (1 + exp(-scores))).matmul(v.narrow(2, 0, seen)));
        }
        return new(cat(outputs, 2));
    }
}
