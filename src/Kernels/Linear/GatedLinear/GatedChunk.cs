using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The second level of chunking: what the tokens of one chunk give to each other.</summary>
internal static class GatedChunk
{
    /// <summary>The tokens of a chunk to work on: the fewest that halve, again and again, to sub-chunks of that size.</summary>
    public static long Filled(long chunk, long subChunk)
    {
        if (subChunk >= chunk)
            return chunk;
        var filled = subChunk;
        while (filled < chunk)
            filled *= 2;
        return filled;
    }

    /// <summary>The chunks' outputs from their own keys, <c>[B,H,…,T,Dv]</c>: of each half by itself, and of the second half from the first.</summary>
    public static Tensor Inside(GatedOperands chunk, long subChunk)
    {
        if (chunk.Length <= subChunk)
            return chunk.PairScores().matmul(chunk.V);
        var halves = chunk.Map(tensor => tensor.unflatten(tensor.dim() - 2, [2, -1]));
        var own = Inside(halves, subChunk);
        return cat([own.select(-3, 0), own.select(-3, 1) + Between(halves)], -2);
    }

    /// <summary>
    /// The second halves' outputs from all keys of the first: a plain matrix product, because the cumulative gate at the second half's first row
    /// splits every exponent into two that are at most 0.
    /// </summary>
    private static Tensor Between(GatedOperands halves)
    {
        var (first, second) = (halves.Cumulative.select(-3, 0), halves.Cumulative.select(-3, 1));
        var reference = second.narrow(-2, 0, 1);
        var q = halves.Q.select(-3, 1) * (second - reference).exp();
        var k = halves.K.select(-3, 0) * (first.narrow(-2, -1, 1) - first + reference).exp();
        return q.matmul(k.transpose(-2, -1)).matmul(halves.V.select(-3, 0));
    }
}
