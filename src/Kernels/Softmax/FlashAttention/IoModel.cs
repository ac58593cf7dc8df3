namespace Attn.Kernels;

/// <summary>
/// Closed formulas for the elements that cross slow memory, per batch entry and head with D = Dv = d and N tokens
/// (Dao et al. 2022, Theorem 2 and Proposition 4, with the constants of their loops).
/// </summary>
public static class IoModel
{
    /// <summary>Attention with scores in memory, 4Nd + 4N²: Q, K in; S out and in; P out and in; V in; O out.</summary>
    public static double Standard(int length, int dim) => 4.0 * length * dim + 4.0 * length * length;

    /// <summary>Algorithm 1, 2Nd + T_c(3Nd + 4N): K and V once; per key block Q, O, ℓ, m in and O, ℓ, m out.</summary>
    /// <param name="length">N, tokens.</param>
    /// <param name="dim">d, head width.</param>
    /// <param name="sramElements">M, elements of fast memory.</param>
    public static double Flash(int length, int dim, long sramElements) => BlockSparse(length, dim, sramElements, 1);

    /// <summary>Loops swapped as in FlashAttention-2, 2Nd + N + 2T_r·Nd: Q once, O and LSE out once, K and V per query block.</summary>
    /// <param name="length">N, tokens.</param>
    /// <param name="dim">d, head width.</param>
    /// <param name="tileQueries">B_r, query rows a tile.</param>
    public static double FlashV2(int length, int dim, int tileQueries)
    {
        Arguments.Positive(tileQueries, nameof(tileQueries));
        return 2.0 * length * dim + length + 2.0 * ((length + tileQueries - 1) / tileQueries) * length * dim;
    }

    /// <summary>Block-sparse Algorithm 1, 2Nd + s·T_c(3Nd + 4N).</summary>
    /// <param name="length">N, tokens.</param>
    /// <param name="dim">d, head width.</param>
    /// <param name="sramElements">M, elements of fast memory.</param>
    /// <param name="keptFraction">s, the share of tiles that are kept.</param>
    public static double BlockSparse(int length, int dim, long sramElements, double keptFraction)
    {
        var shape = AttentionShape.Self(1, 1, length, dim);
        var columns = TileSize.ForSram(shape, sramElements).Count(shape).Columns;
        return 2.0 * length * dim + keptFraction * columns * (3.0 * length * dim + 4.0 * length);
    }
}
