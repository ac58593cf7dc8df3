using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Block-sparse FlashAttention: Algorithm 1 over the kept tiles alone (Dao et al. 2022, §3.3 and Algorithm 5); exact for the
/// softmax over the kept keys. Noncausal, forward only.
/// </summary>
public static class BlockSparseFlash
{
    /// <summary>Attention over the kept tiles; a query whose tiles are all left out gives zeros.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="keep"><c>[T_r,T_c]</c>, true for tiles to compute.</param>
    /// <param name="tile">The tile size that <paramref name="keep"/> is about.</param>
    /// <param name="io">The counts, over all batch entries and heads.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <returns>O <c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>, and LSE <c>[B,H,Tq]</c>.</returns>
    public static (Tensor Output, Tensor LogSumExp) Forward(
        Tensor q, Tensor k, Tensor v, bool[,] keep, TileSize tile, out IoCounter io, double? scale = null)
    {
        ArgumentNullException.ThrowIfNull(keep);
        var tiles = Tiles.Of(q, k, v, causal: false, scale, tile);
        var (rows, columns) = tile.Count(new AttentionInputs(q, k, v).Shape);
        if (keep.GetLength(0) != rows || keep.GetLength(1) != columns)
            Arguments.Fail(nameof(keep), $"[{keep.GetLength(0)},{keep.GetLength(1)}]", $"one entry a tile, [{rows},{columns}]");
        io = new();
        return FlashForwardV1.Run(tiles, io, keep);
    }

    /// <summary>The mask <c>[Tq,Tk]</c> over scores that a mask over tiles stands for.</summary>
    /// <param name="keep"><c>[T_r,T_c]</c>.</param>
    /// <param name="tile">The tile size.</param>
    /// <param name="queries">Tq.</param>
    /// <param name="keys">Tk.</param>
    public static Tensor Expand(bool[,] keep, TileSize tile, int queries, int keys)
    {
        ArgumentNullException.ThrowIfNull(keep);
        var flags = new bool[queries, keys];
        for (var i = 0; i < queries; i++)
            for (var j = 0; j < keys; j++)
                flags[i, j] = keep[i / tile.Queries, j / tile.Keys];
        return tensor(flags);
    }

    /// <summary>A random tile mask that keeps the diagonal and each other tile with the given probability.</summary>
    /// <param name="rows">T_r.</param>
    /// <param name="columns">T_c.</param>
    /// <param name="probability">Probability with which an off-diagonal tile is kept.</param>
    /// <param name="seed">Seed.</param>
    public static bool[,] RandomMask(int rows, int columns, double probability, int seed)
    {
        var random = new Random(seed);
        var keep = new bool[rows, columns];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                keep[i, j] = random.NextDouble() < probability || j == (long)i * columns / rows;
        return keep;
    }

    /// <summary>The share of tiles that a mask keeps, the paper's s.</summary>
    public static double KeptFraction(bool[,] keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        return keep.Cast<bool>().Count(kept => kept) / (double)keep.Length;
    }
}
