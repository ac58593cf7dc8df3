namespace Attn.Kernels;

/// <summary>How kernels that walk a sequence cut it where sequences and heads alone would not fill the GPU.</summary>
internal static class ScanSegments
{
    /// <summary>Tokens a segment, whole chunks: as many segments as fill the GPU, none shorter than four chunks.</summary>
    /// <param name="length">T, tokens of the sequence.</param>
    /// <param name="chunk">Tokens a chunk.</param>
    /// <param name="blocks">Blocks that walk uncut sequences.</param>
    /// <param name="processors">Multiprocessors of the GPU, a block each.</param>
    public static int Length(int length, int chunk, int blocks, int processors)
    {
        var segments = blocks * 4 >= processors * 3 ? 1 : Math.Clamp((processors + blocks / 2) / blocks, 1, Up(length, 4 * chunk));
        return Up(Up(length, segments), chunk) * chunk;
    }

    /// <summary>The quotient, rounded up.</summary>
    public static int Up(long number, int by) => (int)((number + by - 1) / by);
}
