using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Attention with weights 1 + s + s²/2, s = q·k/√D, one query at a time; features only where a state is read or written.</summary>
internal static class BasedReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, values) = (inputs.Q, inputs.K, cat([inputs.V, ones_like(inputs.V.narrow(3, 0, 1))], 3));
        var width = inputs.V.size(3);
        var outputs = new List<Tensor>();
        for (var i = 0L; i < q.size(2); i++)
        {
            var seen = inputs.Causal ? Visibility.Keys(i, q.size(2), k.size(2)) : k.size(2);
            var query = q.narrow(2, i, 1);
            var sums = inputs.InitialState is { } initial ? Features(query).matmul(initial) : zeros_like(values.narrow(2, 0, 1));
            if (seen > 0)
            {
                var s = (query * k.narrow(2, 0, seen)).sum(-1, keepdim: true) / Math.Sqrt(q.size(3));
                sums = sums + ((1 + s + s * s / 2) * values.narrow(2, 0, seen)).sum(2, keepdim: true);
            }
            outputs.Add(sums.narrow(3, 0, width) / sums.narrow(3, width, 1).clamp_min(LinearAttention.DefaultFloor));
        }
        var written = Features(k).transpose(-2, -1).matmul(values);
        return new(cat(outputs, 2), inputs.InitialState is { } before ? before + written : written);
    }

    private static Tensor Features(Tensor x)
    {
        var dim = x.size(3);
        var channels = Enumerable.Range(0, (int)dim).Select(i => x.narrow(3, i, 1)).ToArray();
        var features = new List<Tensor> { ones_like(channels[0]) };
        features.AddRange(channels.Select(channel => channel / Math.Pow(dim, 0.25)));
        for (var i = 0; i < dim; i++)
            for (var j = i; j < dim; j++)
                features.Add(channels[i] * channels[j] / Math.Sqrt(i == j ? 2 * dim : dim));
        return cat(features, 3);
    }
}
