namespace Attn.Kernels;

/// <summary>The catalogue row of length-scaled softplus attention.</summary>
internal static class SoftplusRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "softplus",
        Name = "Softplus attention (LSSA)",
        Paper = "75-softplus-attention",
        Source = "Gao and Spratling, ICML 2026, arXiv 2501.13428",
        Family = "alternatives",
        Summary = "Softplus in place of the exponential, then the ℓ1 norm, on cosines scaled by the logarithm of the number of keys.",
        Equation = @"A = \frac{\mathrm{softplus}(S)}{\lVert\mathrm{softplus}(S)\rVert_1},\qquad S_{ij} = \ln D\,\ln N_i\,\cos(q_i, k_j)",
        Patterns = AttentionPatterns.All,
        Reference = new("reference", x => SoftplusReference.Run(x, power: null), AttentionPatterns.All),
        Forms =
        [
            new("fused", x => new(SoftplusAttention.Fused(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All),
            new("plain", x => new(SoftplusAttention.Plain(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All),
        ],
        Cost = SoftmaxCost.Fused,
        Weights = (x, rows) => SoftplusAttention.Weights(x.Q, x.K, x.Causal, rows: rows),
    };
}
