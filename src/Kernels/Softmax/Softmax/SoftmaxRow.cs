namespace Attn.Kernels;

/// <summary>The catalogue row of softmax attention.</summary>
internal static class SoftmaxRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "softmax",
        Name = "Softmax attention",
        Source = "Vaswani et al., NeurIPS 2017, arXiv 1706.03762",
        Family = "softmax",
        Summary = "Every query takes a mean of the values, weighted by the exponentials of its scaled dot products with the keys.",
        Equation = @"O = \mathrm{softmax}\!\left(\tfrac{QK^\top}{\sqrt D}\right)V",
        Patterns = AttentionPatterns.All,
        Reference = new("reference", SoftmaxReference.Run, AttentionPatterns.All),
        Forms =
        [
            new("sdpa", x => new(Softmax.Sdpa(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All),
            new("plain", x => new(Softmax.Plain(x.Q, x.K, x.V, x.Causal)), AttentionPatterns.All),
        ],
        Cost = SoftmaxCost.Fused,
        Weights = (x, rows) => Softmax.Weights(x.Q, x.K, x.Causal, rows: rows),
    };
}
