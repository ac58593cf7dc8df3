using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of Flow-Attention.</summary>
internal static class FlowformerRow
{
    private const AttentionPatterns Served = AttentionPatterns.NoncausalSelf | AttentionPatterns.CausalSelf | AttentionPatterns.NoncausalCross;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "flowformer",
        Name = "Flow-Attention",
        Paper = "51-flowformer",
        Source = "Wu et al., ICML 2022, arXiv 2202.06258",
        Family = "linear",
        Summary = "Linear attention as a flow of conserved capacity: sources compete for it, sinks are gated by what reaches them.",
        Equation = @"o_i = \sigma\!\left(\hat I_i\,\tfrac{n}{m}\right)\frac{\varphi(q_i)}{I_i}\sum_j \varphi(k_j)^\top v_j\; m\,\mathrm{softmax}(\hat O)_j,\quad I_i=\varphi(q_i)\cdot\sum_j\varphi(k_j),\ \hat O_j=\varphi(k_j)\cdot\sum_i\frac{\varphi(q_i)}{I_i}",
        Patterns = Served,
        Reference = new("reference", FlowReference.Run, Served),
        Forms =
        [
            new("chunked", x => FlowAttention.Chunked(x.Q, x.K, x.V, x.Causal, x.InitialState), Served)
            {
                RunInBlocks = (x, block) => FlowAttention.Chunked(x.Q, x.K, x.V, x.Causal, x.InitialState, block),
            },
            new("parallel", x => FlowAttention.Parallel(x.Q, x.K, x.V, x.Causal, x.InitialState), Served),
            new("recurrent", x => FlowAttention.Recurrent(x.Q, x.K, x.V, x.Causal, x.InitialState), Served),
        ],
        State = new("initialState", "[B,H,D+1,Dv+4]: Σφ(k)ᵀv·c beside Σφ(k), Σφ(q), Σφ(k)·n/O and Σφ(q)·m/I, and below them m, n and log Σe^Ô", SampleState),
        Cost = Cost,
        Weights = (x, rows) => FlowAttention.Weights(x.Q, x.K, x.Causal, rows),
    };

    /// <summary>Two products with the state and four flows a token; causal, the pairs within a chunk besides.</summary>
    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        const int Chunk = 64;
        var slices = (double)shape.Batch * shape.Heads;
        var tokens = (double)shape.QueryLength + shape.KeyLength;
        var inChunk = causal ? 2.0 * shape.QueryLength * Math.Min(Chunk, shape.KeyLength) * (shape.KeyDim + shape.ValueDim) : 0;
        return new(
            Flops: slices * (2 * tokens * shape.KeyDim * (shape.ValueDim + 4) + inChunk),
            Elements: slices * tokens * ((double)shape.KeyDim + shape.ValueDim),
            StateElements: slices * (shape.KeyDim + 1.0) * (shape.ValueDim + 4));
    }

    /// <summary>A state as if some tokens had been seen: sums of capacities between 1 and 2, counts of three sources and four sinks.</summary>
    private static Tensor SampleState(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor Normal(long rows, long columns) => randn([shape.Batch, shape.Heads, rows, columns], ScalarType.Float64, generator: generator);
        Tensor Number(double value) => full([shape.Batch, shape.Heads, 1, 1], value, ScalarType.Float64);
        var sums = rand([shape.Batch, shape.Heads, shape.KeyDim, 4], ScalarType.Float64, generator: generator) + 1;
        var numbers = cat([zeros(shape.Batch, shape.Heads, 1, shape.ValueDim, dtype: ScalarType.Float64), Number(3), Number(4), Normal(1, 1), Number(0)], 3);
        return cat([cat([Normal(shape.KeyDim, shape.ValueDim), sums], 3), numbers], 2).to(dtype).MoveToOuterDisposeScope();
    }
}
