using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The second level of chunking: what the tokens of one chunk give to each other.</summary>
internal static class GatedChunk
{
    /// <summary>The chunk's outputs from its own keys, <c>[B,H,T,Dv]</c>.</summary>
    public static Tensor Inside(GatedOperands chunk, long subChunk)
    {
        var outputs = new List<Tensor>();
        for (var start = 0L; start < chunk.Length; start += subChunk)
        {
            var part = chunk.Part(start, Math.Min(subChunk, chunk.Length - start));
            var diagonal = part.PairScores().matmul(part.V);
            outputs.Add(start == 0 ? diagonal : diagonal + Before(chunk, start, part.Length));
        }
        return cat(outputs, 2);
    }

    /// <summary>
    /// A sub-chunk's outputs from all keys of the chunk before it: a plain matrix product, because the cumulative gate at the
    /// sub-chunk's first row splits every exponent into two that are at most 0.
    /// </summary>
    private static Tensor Before(GatedOperands chunk, long start, long size)
    {
        var b = chunk.Cumulative;
        var reference = b.narrow(2, start, 1);
        var q = chunk.Q.narrow(2, start, size) * (b.narrow(2, start, size) - reference).exp();
        var k = chunk.K.narrow(2, 0, start) * (reference - b.narrow(2, 0, start)).exp();
        return q.matmul(k.transpose(-2, -1)).matmul(chunk.V.narrow(2, 0, start));
    }
}
