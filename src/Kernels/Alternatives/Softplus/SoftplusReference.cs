using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>LSSA and LSSAR as the paper writes them, steps 1 to 7, one query after another over the keys that it sees.</summary>
internal static class SoftplusReference
{
    public static AttentionOutput Run(AttentionInputs inputs, int? power)
    {
        var (q, k, v) = (inputs.Q, inputs.K, inputs.V);
        var (queries, keys, dim) = (q.size(2), k.size(2), q.size(3));
        var outputs = new List<Tensor>();
        for (var i = 0L; i < queries; i++)
        {
            var n = inputs.Causal ? Math.Max(0, i + keys - queries + 1) : keys;
            if (n == 0)
            {
                outputs.Add(zeros_like(v.narrow(2, 0, 1)));
                continue;
            }
            var (query, key) = (q.narrow(2, i, 1), k.narrow(2, 0, n));
            var cosines = (query * key).sum(-1) / ((query * query).sum(-1) * (key * key).sum(-1)).sqrt();
            var a = log(1 + exp(Math.Log(dim) * Math.Log(n) * cosines));
            a = a / a.sum(-1, keepdim: true);
            if (power is { } p)
                a = Reweight(a, n, p);
            outputs.Add((a.unsqueeze(-1) * v.narrow(2, 0, n)).sum(2, keepdim: true));
        }
        return new(cat(outputs, 2));
    }

    private static Tensor Reweight(Tensor a, long n, int p)
    {
        var b = nn.functional.relu(a * n - (n > 3 ? 1 : 0)).pow(p);
        // Equal weights are what the paper's rule leaves without an answer.
        var equal = a.amax([-1], keepdim: true) == a.amin([-1], keepdim: true);
        return a.where(equal, b / b.sum(-1, keepdim: true).masked_fill(equal, 1));
    }
}
