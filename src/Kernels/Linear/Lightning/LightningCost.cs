namespace Attn.Kernels;

/// <summary>Closed formulas for one head of lightning attention with T tokens, widths D and Dv and tiles of B (arXiv 2405.17381, Theorem 3.1).</summary>
public static class LightningCost
{
    /// <summary>
    /// Operations of the tiled forward pass, Σ over tiles of m tokens of 2m²(D + Dv) + 4m·D·Dv, which for whole tiles is
    /// 2TB(D + Dv) + 4T·D·Dv: the paper's O(nd² + nBd).
    /// </summary>
    /// <param name="length">T.</param>
    /// <param name="dim">D.</param>
    /// <param name="valueDim">Dv.</param>
    /// <param name="block">B.</param>
    public static double Flops(long length, long dim, long valueDim, long block)
    {
        Arguments.Positive(block, nameof(block));
        var (whole, rest) = (length / block, length % block);
        return 2.0 * (dim + valueDim) * (whole * block * block + rest * rest) + RecurrentFlops(length, dim, valueDim);
    }

    /// <summary>Operations of the token-by-token recurrence, 4T·D·Dv.</summary>
    /// <param name="length">T.</param>
    /// <param name="dim">D.</param>
    /// <param name="valueDim">Dv.</param>
    public static double RecurrentFlops(long length, long dim, long valueDim) => 4.0 * length * dim * valueDim;

    /// <summary>
    /// What the tiled forward pass holds at most beyond its inputs and output, in elements: the mask and the scores of a tile (2B²), the state
    /// and its update (2·D·Dv), and a tile's rows, each widened, weighted or as a view (B(4D + 5Dv), and 4B for decays). T has no part in it.
    /// </summary>
    /// <param name="dim">D.</param>
    /// <param name="valueDim">Dv.</param>
    /// <param name="block">B.</param>
    public static double TemporaryElements(long dim, long valueDim, long block) =>
        2.0 * block * block + 2.0 * dim * valueDim + block * (4.0 * dim + 5.0 * valueDim + 4);
}
