namespace Attn.Kernels;

/// <summary>The catalogue row of LinFusion's attention.</summary>
internal static class LinFusionRow
{
    private const AttentionPatterns Served = AttentionPatterns.NoncausalSelf | AttentionPatterns.NoncausalCross;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "linfusion",
        Name = "LinFusion (generalised linear attention)",
        Paper = "58-linfusion",
        Source = "Liu et al., 2024, arXiv 2409.02097",
        Family = "linear",
        Summary = "Linear attention over all tokens, normalised by means, that takes the place of self-attention in image models at any resolution.",
        Equation = @"o_i = \frac{\kappa(q_i)\,\frac1N\sum_j\kappa(k_j)^\top v_j}{\kappa(q_i)\,\frac1N\sum_j\kappa(k_j)^\top},\qquad q = W_q(x+m_q(x)),\quad k = W_k(x+m_k(x))",
        Patterns = Served,
        Reference = new("reference", LinFusionReference.Run, Served),
        Forms =
        [
            new("parallel", x => new(LinFusion.Parallel(x.Q, Keys(x), x.V)), Served),
            new("chunked", x => new(LinFusion.Chunked(x.Q, Keys(x), x.V)), Served)
            {
                RunInBlocks = (x, block) => new(LinFusion.Chunked(x.Q, Keys(x), x.V, block)),
            },
        ],
        Cost = Cost,
        Weights = (x, rows) => LinFusion.Weights(x.Q, Keys(x), rows),
        Layer = (dim, heads, _) => new LinFusionLayer(dim, heads),
    };

    private static TorchSharp.torch.Tensor Keys(AttentionInputs inputs)
    {
        if (inputs.Causal)
            Arguments.Fail("causal", "true", "false: every token of LinFusion sees all others");
        return inputs.K;
    }

    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        var slices = (double)shape.Batch * shape.Heads;
        var state = (double)shape.KeyDim * (shape.ValueDim + 1);
        return new(
            Flops: slices * 2 * (shape.QueryLength + shape.KeyLength) * state,
            Elements: slices * (shape.QueryLength + shape.KeyLength) * ((double)shape.KeyDim + shape.ValueDim),
            StateElements: slices * state);
    }
}
