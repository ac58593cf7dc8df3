namespace Attn.Kernels;

/// <summary>The tile of scores that is worked on at a time.</summary>
/// <param name="Queries">B_r, query rows a tile; the last tile may be shorter.</param>
/// <param name="Keys">B_c, key columns a tile; the last tile may be shorter.</param>
public readonly record struct TileSize(int Queries, int Keys)
{
    // Scores of one tile over all heads and batch entries, in elements: enough for large matrix products, few enough for a cache.
    private const long Elements = 1 << 19;
    private const int Least = 64, Most = 512;

    /// <summary>The default: the largest square tile, of a power of two from 64 to 512, whose scores over all heads and batch entries are half a million at most.</summary>
    /// <param name="shape">The shape.</param>
    public static TileSize For(AttentionShape shape)
    {
        var side = Least;
        while (side < Most && 4L * side * side * shape.Batch * shape.Heads <= Elements)
            side *= 2;
        return new(side, side);
    }

    /// <summary>
    /// The tile of the paper's Algorithm 1, line 1: B_c = ⌈M/4d⌉ and B_r = min(⌈M/4d⌉, d), no more than there are tokens.
    /// With D ≠ Dv the four d-wide blocks take 2(D + Dv).
    /// </summary>
    /// <param name="shape">The shape.</param>
    /// <param name="sramElements">M, elements of fast memory.</param>
    public static TileSize ForSram(AttentionShape shape, long sramElements)
    {
        Arguments.Positive(sramElements, nameof(sramElements));
        var width = 2L * (shape.KeyDim + shape.ValueDim);
        var columns = (sramElements + width - 1) / width;
        return new(
            (int)Math.Min(Math.Min(columns, Math.Max(shape.KeyDim, shape.ValueDim)), shape.QueryLength),
            (int)Math.Min(columns, shape.KeyLength));
    }

    /// <summary>T_r and T_c: how many tiles there are of a shape.</summary>
    public (int Rows, int Columns) Count(AttentionShape shape) =>
        ((shape.QueryLength + Queries - 1) / Queries, (shape.KeyLength + Keys - 1) / Keys);

    internal TileSize Checked()
    {
        Arguments.Positive(Queries, "tile.Queries");
        Arguments.Positive(Keys, "tile.Keys");
        return this;
    }
}
