namespace Attn.Kernels;

/// <summary>The catalogue row of InLine.</summary>
internal static class InLineRow
{
    private const AttentionPatterns Served = AttentionPatterns.NoncausalSelf | AttentionPatterns.NoncausalCross;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "inline",
        Name = "InLine (injective linear attention)",
        Paper = "55-inline-attention",
        Source = "Han et al., NeurIPS 2024, arXiv 2412.06590",
        Family = "linear",
        Summary = "Linear attention whose rows are made to sum to one by a subtraction, so that no two queries get the same weights.",
        Equation = @"w_{ij} = c\,\varphi(q_i)^\top\varphi(k_j) - \frac{1}{N}\sum_s c\,\varphi(q_i)^\top\varphi(k_s) + \frac{1}{N},\quad \varphi=\mathrm{id},\ c=\frac{1}{N\sqrt D}",
        Patterns = Served,
        Reference = new("reference", x => InLineReference.Run(x), Served),
        Forms =
        [
            new("linear", x => new(InLineAttention.Linear(Noncausal(x).Q, x.K, x.V)), Served),
            new("parallel", x => new(InLineAttention.Parallel(Noncausal(x).Q, x.K, x.V)), Served),
        ],
        Cost = Cost,
        Weights = (x, rows) => InLineAttention.Weights(Noncausal(x).Q, x.K, rows: rows),
        Layer = (dim, heads, _) => new InLineLayer(dim, heads),
    };

    private static AttentionInputs Noncausal(AttentionInputs inputs)
    {
        Arguments.Noncausal(inputs.Causal, "InLine");
        return inputs;
    }

    /// <summary>Two products with a D×Dv matrix, which is all that a query needs of the keys, with their mean.</summary>
    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        var slices = (double)shape.Batch * shape.Heads;
        var sums = (double)shape.KeyDim * shape.ValueDim;
        return new(
            Flops: slices * 2 * (shape.QueryLength + shape.KeyLength) * sums,
            Elements: slices * (shape.QueryLength + shape.KeyLength) * ((double)shape.KeyDim + shape.ValueDim),
            StateElements: slices * (sums + shape.KeyDim + shape.ValueDim));
    }
}
