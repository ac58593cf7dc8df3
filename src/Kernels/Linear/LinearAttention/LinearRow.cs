using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of linear attention.</summary>
internal static class LinearRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "linear",
        Name = "Linear attention",
        Source = "Katharopoulos et al., ICML 2020, arXiv 2006.16236",
        Family = "linear",
        Summary = "A positive feature map in place of the exponential lets a fixed-size state stand in for all keys and values seen so far.",
        Equation = @"o_i = \frac{\varphi(q_i)^\top \sum_{j\le i}\varphi(k_j)v_j^\top}{\varphi(q_i)^\top \sum_{j\le i}\varphi(k_j)},\quad \varphi(x)=\mathrm{elu}(x)+1",
        Patterns = AttentionPatterns.All,
        Reference = new("reference", LinearReference.Run, AttentionPatterns.All),
        Forms =
        [
            new("chunked", x => LinearAttention.Chunked(x.Q, x.K, x.V, x.Causal, x.InitialState), AttentionPatterns.All)
            {
                RunInBlocks = (x, block) => LinearAttention.Chunked(x.Q, x.K, x.V, x.Causal, x.InitialState, block),
            },
            new("parallel", x => LinearAttention.Parallel(x.Q, x.K, x.V, x.Causal, x.InitialState), AttentionPatterns.All),
            new("recurrent", x => LinearAttention.Recurrent(x.Q, x.K, x.V, x.Causal, x.InitialState), AttentionPatterns.All),
        ],
        State = new("initialState", "[B,H,D,Dv+1]: Σφ(k)vᵀ, with Σφ(k) as its last column", SampleState),
        Cost = Cost,
        Weights = (x, rows) => LinearAttention.Weights(x.Q, x.K, x.Causal, rows),
    };

    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        const int Chunk = 64;
        var slices = (double)shape.Batch * shape.Heads;
        var state = (double)shape.KeyDim * (shape.ValueDim + 1);
        var inChunk = causal ? 2.0 * shape.QueryLength * Math.Min(Chunk, shape.KeyLength) * (shape.KeyDim + shape.ValueDim + 1) : 0;
        return new(
            Flops: slices * (2 * (shape.QueryLength + shape.KeyLength) * state + inChunk),
            Elements: slices * (shape.QueryLength + shape.KeyLength) * (shape.KeyDim + shape.ValueDim),
            StateElements: slices * state);
    }

    private static Tensor SampleState(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var sums = randn([shape.Batch, shape.Heads, shape.KeyDim, shape.ValueDim], ScalarType.Float64, generator: generator);
        var weights = rand([shape.Batch, shape.Heads, shape.KeyDim, 1], ScalarType.Float64, generator: generator) + 0.5;
        return cat([sums, weights], 3).to(dtype).MoveToOuterDisposeScope();
    }
}
