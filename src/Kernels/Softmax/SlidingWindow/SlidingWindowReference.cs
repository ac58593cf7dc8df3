using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Softmax attention over the last w tokens, one query at a time.</summary>
internal static class SlidingWindowReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        const int Window = SlidingWindow.DefaultWindow;
        var (q, tokens, dim) = (inputs.Q, cat([inputs.K, inputs.V], 3), inputs.K.size(3));
        if (inputs.InitialState is { } cache)
            tokens = cat([cache, tokens], 2);
        var earlier = tokens.size(2) - q.size(2);
        var outputs = new List<Tensor>();
        for (var i = 0L; i < q.size(2); i++)
        {
            var seen = LastUpTo(earlier + i + 1);
            var (keys, values) = (seen.narrow(3, 0, dim), seen.narrow(3, dim, seen.size(3) - dim));
            var scores = (q.narrow(2, i, 1) * keys).sum(-1, keepdim: true) / Math.Sqrt(dim);
            var exponentials = exp(scores - scores.amax([2], keepdim: true));
            outputs.Add((exponentials * values).sum(2, keepdim: true) / exponentials.sum(2, keepdim: true));
        }
        return new(cat(outputs, 2), LastUpTo(tokens.size(2)));

        Tensor LastUpTo(long end) => tokens.narrow(2, Math.Max(0, end - Window), Math.Min(Window, end));
    }
}
