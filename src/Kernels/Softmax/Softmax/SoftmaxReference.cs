using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Softmax attention as the textbook writes it, one query at a time.</summary>
internal static class SoftmaxReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v) = (inputs.Q, inputs.K, inputs.V);
        var scale = 1 / Math.Sqrt(q.size(3));
        var outputs = new List<Tensor>();
        for (var i = 0L; i < q.size(2); i++)
        {
            var seen = inputs.Causal ? Visibility.Keys(i, q.size(2), k.size(2)) : k.size(2);
            if (seen <= 0)
            {
                outputs.Add(zeros_like(v.narrow(2, 0, 1)));
                continue;
            }
            var scores = (q.narrow(2, i, 1) * k.narrow(2, 0, seen)).sum(-1, keepdim: true) * scale;
            var exponentials = exp(scores - scores.amax([2], keepdim: true));
            outputs.Add((exponentials * v.narrow(2, 0, seen)).sum(2, keepdim: true) / exponentials.sum(2, keepdim: true));
        }
        return new(cat(outputs, 2));
    }
}
