namespace Attn.Kernels;

/// <summary>The catalogue row of cosFormer.</summary>
internal static class CosFormerRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "cosformer",
        Name = "cosFormer",
        Source = "Qin et al., ICLR 2022, arXiv 2202.08791",
        Family = "linear",
        Summary = "ReLU linear attention with weights that fall with distance as a cosine, which splits into features of either place.",
        Equation = @"o_i = \frac{\sum_{j}\varphi(q_i)^\top\varphi(k_j)\cos\!\left(\tfrac{\pi}{2}\tfrac{i-j}{M}\right)v_j}{\sum_{j}\varphi(q_i)^\top\varphi(k_j)\cos\!\left(\tfrac{\pi}{2}\tfrac{i-j}{M}\right)},\quad \varphi(x)=\max(x,0)",
        Patterns = AttentionPatterns.All,
        Reference = new("reference", CosFormerReference.Run, AttentionPatterns.All),
        Forms =
        [
            new("chunked", x => new(CosFormer.Chunked(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All)
            {
                RunInBlocks = (x, block) => new(CosFormer.Chunked(x.Q, x.K, x.V, x.Causal, chunk: block)),
            },
            new("parallel", x => new(CosFormer.Parallel(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All),
        ],
        Cost = (shape, causal) => FeatureMapRow.Cost(shape, causal, 2.0 * shape.KeyDim),
        Weights = (x, rows) => CosFormer.Weights(x.Q, x.K, x.Causal, rows: rows),
        CutsKeys = "A key whose positive channels share none with the query's has weight zero.",
    };
}
