using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Softmax attention over the keys that a pattern keeps, one query at a time.</summary>
internal static class BlockSparseReference
{
    public static AttentionOutput Run(AttentionInputs inputs, BlockPattern pattern)
    {
        var (q, k, v, causal) = (inputs.Q, inputs.K, inputs.V, inputs.Causal);
        var (scale, first) = (1 / Math.Sqrt(q.size(3)), causal ? k.size(2) - q.size(2) : 0);
        var outputs = new List<Tensor>();
        for (var i = 0L; i < q.size(2); i++)
        {
            var seen = new List<long>();
            for (var j = 0L; j < k.size(2); j++)
                if (i + first >= 0 && (!causal || j <= i + first) && pattern.Keeps((i + first) / pattern.Block, j / pattern.Block))
                    seen.Add(j);
            if (seen.Count == 0)
            {
                outputs.Add(zeros_like(v.narrow(2, 0, 1)));
                continue;
            }
            var index = tensor(seen.ToArray(), device: q.device);
            var scores = (q.narrow(2, i, 1) * k.index_select(2, index)).sum(-1, keepdim: true) * scale;
            var exponentials = exp(scores - scores.amax([2], keepdim: true));
            outputs.Add((exponentials * v.index_select(2, index)).sum(2, keepdim: true) / exponentials.sum(2, keepdim: true));
        }
        return new(cat(outputs, 2));
    }
}
