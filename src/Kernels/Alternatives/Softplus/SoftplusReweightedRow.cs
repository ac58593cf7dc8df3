namespace Attn.Kernels;

/// <summary>The catalogue row of length-scaled softplus attention with re-weighting.</summary>
internal static class SoftplusReweightedRow
{
    private const double P = Reweighting.DefaultPower;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "softplus-reweighted",
        Name = "Softplus attention with re-weighting (LSSAR)",
        Paper = "75-softplus-attention",
        Source = "Gao and Spratling, ICML 2026, arXiv 2501.13428",
        Family = "alternatives",
        Summary = "Softplus attention whose weights are cut at the uniform weight 1/N and raised to the power 15, row by row.",
        Equation = @"A' = \frac{B}{\lVert B\rVert_1},\qquad B_{ij} = \mathrm{ReLU}(N_iA_{ij} - 1)^{15}",
        Patterns = AttentionPatterns.All,
        Reference = new("reference", x => SoftplusReference.Run(x, (int)P), AttentionPatterns.All),
        Forms = [new("plain", x => new(SoftplusAttention.Plain(x.Q, x.K, x.V, x.Causal, P)), AttentionPatterns.All)],
        Cost = SoftmaxCost.Fused,
        CutsKeys = "Keys at or below the uniform weight 1/N are cut to exactly 0.",
        Weights = (x, rows) => SoftplusAttention.Weights(x.Q, x.K, x.Causal, P, rows),
    };
}
