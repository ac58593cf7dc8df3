namespace Attn.Kernels;

/// <summary>The catalogue row of FlashAttention.</summary>
internal static class FlashAttentionRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "flash-attention",
        Name = "FlashAttention",
        Paper = "73-flash-attention",
        Source = "Dao et al., NeurIPS 2022, arXiv 2205.14135",
        Family = "softmax",
        Summary = "Exact softmax attention tile by tile: running maxima and sums forward, recomputed weights backward, no T×T matrix.",
        Equation = @"m' = \max(m,\tilde m),\quad \ell' = e^{m-m'}\ell + e^{\tilde m-m'}\tilde\ell,\quad O' = \tfrac{1}{\ell'}\left(\ell e^{m-m'} O + e^{\tilde m-m'}\tilde P V_j\right)",
        Patterns = AttentionPatterns.All,
        Reference = SoftmaxRow.Row.Reference,
        Forms =
        [
            new("tiled", x => new(FlashAttention.Attend(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All)
            {
                RunInBlocks = (x, block) => new(FlashAttention.Attend(x.Q, x.K, x.V, x.Causal, tile: new(block, block))),
            },
        ],
        Cost = Cost,
        Weights = SoftmaxRow.Row.Weights,
    };

    /// <summary>K and V are read once for every query block, and the LSE is written.</summary>
    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        var fused = SoftmaxCost.Fused(shape, causal);
        var slices = (double)shape.Batch * shape.Heads;
        var blocks = TileSize.For(shape).Count(shape).Rows;
        var reread = Visibility.Pairs(shape, causal) / ((double)shape.QueryLength * shape.KeyLength) * blocks;
        var perQuery = shape.KeyDim + shape.ValueDim + 1.0;
        return fused with { Elements = slices * (shape.QueryLength * perQuery + Math.Max(1, reread) * shape.KeyLength * (shape.KeyDim + shape.ValueDim)) };
    }
}
