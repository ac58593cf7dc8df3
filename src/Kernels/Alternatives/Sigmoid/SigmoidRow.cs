namespace Attn.Kernels;

/// <summary>The catalogue row of sigmoid attention.</summary>
internal static class SigmoidRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "sigmoid",
        Name = "Sigmoid attention",
        Paper = "28-sigmoid-self-attention",
        Source = "Ramapuram et al., ICLR 2025, arXiv 2409.04431",
        Family = "alternatives",
        Summary = "An element-wise sigmoid with bias −ln n in place of the row softmax: no row statistics, so that tiles simply add.",
        Equation = @"O = \sigma\!\left(\frac{QK^\top}{\sqrt D} + b\right)V,\qquad b = -\ln n",
        Patterns = AttentionPatterns.All,
        Reference = new("reference", SigmoidReference.Run, AttentionPatterns.All),
        Forms =
        [
            new("tiled", x => new(SigmoidAttention.Tiled(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All)
            {
                RunInBlocks = (x, block) => new(SigmoidAttention.Tiled(x.Q, x.K, x.V, x.Causal, tile: new(block, block))),
            },
            new("plain", x => new(SigmoidAttention.Plain(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All),
        ],
        Cost = SoftmaxCost.Fused,
        Weights = (x, rows) => SigmoidAttention.Weights(x.Q, x.K, x.Causal, rows: rows),
    };
}
