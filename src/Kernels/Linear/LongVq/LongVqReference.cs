using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>LongVQ's attention as a softmax over the codes of the state and all keys since, one query at a time.</summary>
internal static class LongVqReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (C, bias, codes, dim, width) = (inputs.Tensor("codebook"), inputs.Tensor("windowBias"), inputs.Tensor("codebook").size(2), inputs.K.size(3), inputs.V.size(3));
        var window = bias.size(2);
        var state = inputs.InitialState ?? zeros([C.size(0), C.size(1), codes + window - 1, dim + width + 1], C.dtype, C.device);
        var (old, recent) = (state.narrow(2, 0, codes), state.narrow(2, codes, window - 1));
        var tokens = cat([recent, cat([inputs.K, inputs.V, ones_like(inputs.V.narrow(3, 0, 1))], 3)], 2);
        var (k, v, present) = (tokens.narrow(3, 0, dim), tokens.narrow(3, dim, width), tokens.narrow(3, dim + width, 1));
        var nearest = (k.unsqueeze(3) - C.unsqueeze(2)).square().sum(-1).argmin(-1).unsqueeze(-1);
        var quantised = C.gather(2, nearest.expand(-1, -1, -1, dim));
        var (sums, counts) = (old.narrow(3, dim, width), old.narrow(3, dim + width, 1));
        var outputs = new List<Tensor>();
        for (var t = 0L; t < inputs.Q.size(2); t++)
        {
            var (q, seen) = (inputs.Q.narrow(2, t, 1) / Math.Sqrt(dim), t + window);
            var far = (q * quantised.narrow(2, 0, t)).sum(-1, keepdim: true);
            var straight = quantised + k - k.detach();
            var near = (q * straight.narrow(2, t, window)).sum(-1, keepdim: true) + bias.flip(2);
            var ofKeys = cat([far, near], 2).masked_fill(present.narrow(2, 0, seen) == 0, double.NegativeInfinity);
            var ofCodes = (q * C).sum(-1, keepdim: true).masked_fill(counts == 0, double.NegativeInfinity);
            var largest = cat([ofKeys, ofCodes], 2).amax([2], keepdim: true).detach();
            var (w, u) = (exp(ofKeys - largest) * present.narrow(2, 0, seen), exp(ofCodes - largest));
            var numerator = (w * v.narrow(2, 0, seen)).sum(2, keepdim: true) + (u * sums).sum(2, keepdim: true);
            outputs.Add(numerator / (w.sum(2, keepdim: true) + (u * counts).sum(2, keepdim: true)));
        }
        var gone = inputs.Q.size(2);
        var folded = cat([zeros_like(k), present * v, present], 3).narrow(2, 0, gone);
        var after = old * cat([zeros(dim, old.dtype, old.device), ones(width + 1, old.dtype, old.device)]) + zeros_like(old).scatter_add(2, nearest.narrow(2, 0, gone).expand(folded.shape), folded);
        return new(cat(outputs, 2), cat([after, tokens.narrow(2, gone, window - 1)], 2));
    }
}
