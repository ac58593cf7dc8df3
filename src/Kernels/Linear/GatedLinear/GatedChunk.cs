using TorchSharp;
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

    // How far, in bits, the gates of a chunk may forget that is worked on at once: 2^64 is the largest factor on a key. Cumulated gates of that size
    // still have 17 of float32's bits behind the point.
    private const double Deepest = 64;

    // With keys up to this size such products stay far from float32's largest number, as do their gradients.
    private const double LargestKey = 1e12;

    /// <summary>
    /// The chunks' outputs from their own keys, <c>[B,H,…,T,Dv]</c>: at once where the gates allow it, else of each half by itself, and of the second
    /// half from the first.
    /// </summary>
    public static Tensor Inside(GatedOperands chunk, long subChunk)
    {
        if (chunk.Length <= subChunk)
            return chunk.PairScores().matmul(chunk.V);
        if (IsShallow(chunk))
            return AtOnce(chunk);
        var halves = chunk.Map(tensor => tensor.unflatten(tensor.dim() - 2, [2, -1]));
        var own = Inside(halves, subChunk);
        return cat([own.select(-3, 0), own.select(-3, 1) + Between(halves)], -2);
    }

    /// <summary>
    /// Whether the keys of <see cref="AtOnce"/> are in range, with room to multiply. Asked in host memory only, where the answer costs no stall.
    /// </summary>
    private static bool IsShallow(GatedOperands chunk)
    {
        if (chunk.Q.device_type != DeviceType.CPU)
            return false;
        // Made once for this and what follows: outside of the scope, with its gradient.
        var total = chunk.Total;
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return total.min().ToDouble() >= -Deepest && chunk.K.abs().max().ToDouble() <= LargestKey;
    }

    /// <summary>
    /// By one plain matrix product, 2^(b_i − b_j) being 2^(b_i) times 2^(−b_j); not over 2^(b_j), whose gradient has its square. Pairs of a query before its
    /// key are left out, not multiplied by 0: they may be infinite.
    /// </summary>
    private static Tensor AtOnce(GatedOperands chunk) =>
        chunk.QueriesFromStart.matmul((chunk.K * (-chunk.Cumulative).exp2()).transpose(-2, -1)).tril().matmul(chunk.V);

    /// <summary>
    /// The second halves' outputs from all keys of the first: a plain matrix product, because the cumulative gate at the second half's first row
    /// splits every exponent into two that are at most 0.
    /// </summary>
    private static Tensor Between(GatedOperands halves)
    {
        var (first, second) = (halves.Cumulative.select(-3, 0), halves.Cumulative.select(-3, 1));
        var reference = second.narrow(-2, 0, 1);
        var q = halves.Q.select(-3, 1) * (second - reference).exp2();
        var k = halves.K.select(-3, 0) * (first.narrow(-2, -1, 1) - first + reference).exp2();
        return q.matmul(k.transpose(-2, -1)).matmul(halves.V.select(-3, 0));
    }
}
