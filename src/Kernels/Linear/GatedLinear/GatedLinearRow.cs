using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of gated linear attention.</summary>
internal static class GatedLinearRow
{
    private const AttentionPatterns Served = AttentionPatterns.CausalSelf;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "gated-linear",
        Name = "Gated linear attention",
        Paper = "02-gated-linear-attention",
        NoNotebook = "The layer and the reset task that claims C4 and C6 train are not built yet.",
        Source = "Yang et al., ICML 2024, arXiv 2312.06635",
        Family = "linear",
        Summary = "Linear attention whose state forgets, channel by channel, as much as each token's own gate says.",
        Equation = @"S_t = \mathrm{Diag}(\alpha_t)\,S_{t-1} + k_t^\top v_t,\qquad o_t = q_t S_t",
        Patterns = Served,
        Reference = new("reference", GatedReference.Run, Served),
        Forms =
        [
            new("chunked", x => GatedLinear.Chunked(x.Q, x.K, x.V, Gate(x), x.InitialState), Served)
            {
                RunInBlocks = (x, block) => GatedLinear.Chunked(x.Q, x.K, x.V, Gate(x), x.InitialState, block, Math.Max(1, block / 4)),
            },
            new("parallel", x => GatedLinear.Parallel(x.Q, x.K, x.V, Gate(x), x.InitialState), Served),
            new("recurrent", x => GatedLinear.Recurrent(x.Q, x.K, x.V, Gate(x), x.InitialState), Served),
        ],
        Extras = [new("logGate", "[B,H,T,D], at most 0: the logarithm of how much of a state channel is kept at a token", SampleGate) { Most = 0 }],
        State = new("initialState", "[B,H,D,Dv]: the decayed sum of kᵀv", SampleState),
        Cost = Cost,
        Weights = (x, rows) => GatedLinear.Weights(x.Q, x.K, Gate(x), rows),
    };

    private static Tensor Gate(AttentionInputs inputs)
    {
        Arguments.Causal(inputs.Causal, "gated linear attention");
        return inputs.Tensor("logGate");
    }

    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        const int Chunk = 64;
        var slices = (double)shape.Batch * shape.Heads;
        var state = (double)shape.KeyDim * shape.ValueDim;
        var inChunk = 2.0 * shape.QueryLength * Math.Min(Chunk, shape.KeyLength) * (shape.KeyDim + shape.ValueDim);
        return new(
            Flops: slices * (4 * shape.QueryLength * state + inChunk),
            Elements: slices * shape.QueryLength * (3.0 * shape.KeyDim + 2 * shape.ValueDim),
            StateElements: slices * state);
    }

    private static Tensor SampleGate(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var logits = randn([shape.Batch, shape.Heads, shape.KeyLength, shape.KeyDim], ScalarType.Float64, generator: generator) + 1;
        return nn.functional.logsigmoid(logits).to(dtype).MoveToOuterDisposeScope();
    }

    private static Tensor SampleState(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return randn([shape.Batch, shape.Heads, shape.KeyDim, shape.ValueDim], ScalarType.Float64, generator: generator).to(dtype).MoveToOuterDisposeScope();
    }
}
