using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of rank-augmented linear attention.</summary>
internal static class RalaRow
{
    public const string Gate = "gate";

    private const AttentionPatterns Served = AttentionPatterns.NoncausalSelf;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "rala",
        Name = "Rank-augmented linear attention",
        Paper = "77-rala",
        Source = "Fan et al., CVPR 2025, arXiv 2411.07635",
        Family = "linear",
        Summary = "Linear attention over all tokens whose keys are weighed by a softmax against one global query and whose output is multiplied by a gate of each token.",
        Equation = @"y_i = g_i\odot\frac{\kappa(q_i)\sum_j\alpha_j\kappa(k_j)^\top v_j}{\kappa(q_i)\sum_j\alpha_j\kappa(k_j)^\top},\qquad \alpha_j = N\,\mathrm{softmax}_j\big(\bar q\,\kappa(k_j)^\top/\sqrt d\big)",
        Patterns = Served,
        Reference = new("reference", RalaReference.Run, Served),
        Forms =
        [
            new("parallel", x => new(Rala.Parallel(x.Q, x.K, x.V, GateOf(x))), Served),
            new("chunked", x => new(Rala.Chunked(x.Q, x.K, x.V, GateOf(x))), Served)
            {
                RunInBlocks = (x, block) => new(Rala.Chunked(x.Q, x.K, x.V, GateOf(x), chunk: block)),
            },
        ],
        Extras = [new(Gate, "[B,H,T,Dv]: what each channel of a token's output is multiplied by, a linear map of the token in the paper", SampleGate)],
        Cost = Cost,
        NoWeights = "The gate multiplies every channel of an output by a number of its own, which no matrix over tokens does; Rala.Weights gives the matrix before it.",
        Layer = (dim, heads, _) => new RalaLayer(new(dim, heads)),
    };

    private static Tensor GateOf(AttentionInputs inputs)
    {
        if (inputs.Causal)
            Arguments.Fail("causal", "true", "false: every token of RALA sees all others");
        return inputs.Tensor(Gate);
    }

    /// <summary>The products with the buffer, one more product a key for α, and the gate.</summary>
    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        var slices = (double)shape.Batch * shape.Heads;
        var state = (double)shape.KeyDim * (shape.ValueDim + 1);
        return new(
            Flops: slices * (2 * (shape.QueryLength + shape.KeyLength) * state + 3.0 * shape.KeyLength * shape.KeyDim + shape.QueryLength * shape.ValueDim),
            Elements: slices * ((shape.QueryLength + shape.KeyLength) * ((double)shape.KeyDim + shape.ValueDim) + shape.QueryLength * shape.ValueDim),
            StateElements: slices * state);
    }

    private static Tensor SampleGate(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return randn([shape.Batch, shape.Heads, shape.QueryLength, shape.ValueDim], ScalarType.Float64, generator: generator).to(dtype).MoveToOuterDisposeScope();
    }
}
