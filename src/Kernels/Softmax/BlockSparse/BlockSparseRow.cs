namespace Attn.Kernels;

/// <summary>The catalogue row of block-sparse attention.</summary>
internal static class BlockSparseRow
{
    private static readonly BlockPattern Pattern = BlockPattern.LocalGlobalStrided(block: 16, window: 1, global: 1, stride: 4);

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "block-sparse",
        Name = "Block-sparse attention",
        Source = "Child et al., 2019, arXiv 1904.10509; Zaheer et al. (BigBird), NeurIPS 2020, arXiv 2007.14062",
        Family = "softmax",
        Summary = "Softmax over chosen blocks of keys: here the neighbours, the first block and every fourth, in blocks of 16 tokens.",
        Equation = @"o_i = \sum_{j\in A(i)} \frac{e^{q_i^\top k_j/\sqrt D}}{\sum_{l\in A(i)} e^{q_i^\top k_l/\sqrt D}}\,v_j",
        Patterns = AttentionPatterns.All,
        Reference = new("reference", x => BlockSparseReference.Run(x, Pattern), AttentionPatterns.All),
        Forms =
        [
            new("gathered", x => new(BlockSparse.Gathered(x.Q, x.K, x.V, Pattern, x.Causal)), AttentionPatterns.All),
            new("masked", x => new(BlockSparse.Masked(x.Q, x.K, x.V, Pattern, x.Causal)), AttentionPatterns.All),
        ],
        Cost = Cost,
        Weights = (x, rows) => BlockSparse.Weights(x.Q, x.K, Pattern, x.Causal, rows: rows),
        CutsKeys = "A key whose block the pattern leaves out has weight zero.",
    };

    /// <summary>Whole blocks are multiplied; gathered keys and values are written and read once more.</summary>
    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        var slices = (double)shape.Batch * shape.Heads;
        var width = (double)shape.KeyDim + shape.ValueDim;
        var blocks = (double)Pattern.Layout(shape.QueryLength, shape.KeyLength, causal).Sum(row => row.Keys.Length);
        var fused = SoftmaxCost.Fused(shape, causal);
        return fused with
        {
            Flops = slices * 2 * blocks * Pattern.Block * Pattern.Block * width,
            Elements = fused.Elements + slices * 2 * blocks * Pattern.Block * width,
        };
    }
}
