using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>InLine as the paper writes it, one query at a time, with the published factor D^−½/N and φ = id.</summary>
internal static class InLineReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v) = (inputs.Q, inputs.K, inputs.V);
        var (n, factor) = (k.size(2), 1 / Math.Sqrt(q.size(3)) / k.size(2));
        var outputs = new List<Tensor>();
        for (var i = 0L; i < q.size(2); i++)
        {
            var products = (q.narrow(2, i, 1) * k).sum(-1, keepdim: true) * factor;
            var weights = products - products.sum(2, keepdim: true) / n + 1.0 / n;
            outputs.Add((weights * v).sum(2, keepdim: true));
        }
        return new(cat(outputs, 2));
    }
}
