using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>LightNet's attention as a softmax over the tokens that a query sees, channel by channel, one query at a time.</summary>
internal static class LightNetReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v, width) = (inputs.Q, inputs.K, inputs.V, inputs.V.size(3));
        var outputs = new List<Tensor>();
        var state = After(k.size(2));
        for (var t = 0L; t < q.size(2); t++)
        {
            var seen = inputs.Causal ? After(t + 1) : state;
            outputs.Add(q.narrow(2, t, 1).matmul(seen.narrow(3, 0, width)));
        }
        return new(cat(outputs, 2), state);

        // The state that came before stands as one more token: its z for a key, its mean for a value.
        Tensor After(long tokens)
        {
            var (keys, values) = (k.narrow(2, 0, tokens).unsqueeze(-1), v.narrow(2, 0, tokens).unsqueeze(-2));
            var spread = values.expand(values.size(0), values.size(1), tokens, k.size(3), width);
            if (inputs.InitialState is { } initial)
            {
                keys = cat([initial.narrow(3, width, 1).unsqueeze(2), keys], 2);
                spread = cat([initial.narrow(3, 0, width).unsqueeze(2), spread], 2);
            }
            var largest = keys.amax([2], keepdim: true).detach();
            var exponentials = exp(keys - largest);
            var sum = exponentials.sum(2, keepdim: true);
            return cat([(exponentials / sum * spread).sum(2), (largest + log(sum)).squeeze(2)], 3);
        }
    }
}
