namespace Attn.Kernels;

/// <summary>The catalogue row of LeanAttention.</summary>
internal static class LeanAttentionRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "lean-attention",
        Name = "LeanAttention",
        Paper = "74-lean-attention",
        Source = "Sanovar et al., 2024, arXiv 2405.10480",
        Family = "softmax",
        Summary = "Exact softmax attention for decoding: the key tiles of all heads and sequences in equal shares, partial results merged.",
        Equation = @"(m,\ell,o)\oplus(m',\ell',o') = \big(\hat m,\; e^{m-\hat m}\ell + e^{m'-\hat m}\ell',\; e^{m-\hat m}o + e^{m'-\hat m}o'\big),\quad \hat m=\max(m,m')",
        Patterns = AttentionPatterns.All,
        Reference = SoftmaxRow.Row.Reference,
        Forms =
        [
            new("stream-k", x => new(LeanAttention.Attend(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All)
            {
                RunInBlocks = (x, block) => new(LeanAttention.Attend(x.Q, x.K, x.V, x.Causal, tile: block, workers: 5)),
            },
        ],
        Cost = SoftmaxCost.Fused,
        Weights = SoftmaxRow.Row.Weights,
    };
}
