using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Makes a catalogue row of linear attention with a feature map: reference, forms, state, cost and weights follow from the map. What else a
/// row says (paper, layer, why keys can be cut) is added by <c>with</c>.
/// </summary>
internal static class FeatureMapRow
{
    /// <summary>The row.</summary>
    /// <param name="map">φ.</param>
    /// <param name="id">The row's id.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="source">The citation.</param>
    /// <param name="summary">One sentence.</param>
    /// <param name="features">φ in LaTeX, such as <c>\varphi(x)=\max(x,0)</c>.</param>
    public static AttentionMechanism Of(FeatureMap map, string id, string name, string source, string summary, string features) => new()
    {
        Id = id,
        Name = name,
        Source = source,
        Family = "linear",
        Summary = summary,
        Equation = $@"o_i = \frac{{\varphi(q_i)^\top \sum_{{j\le i}}\varphi(k_j)v_j^\top}}{{\varphi(q_i)^\top \sum_{{j\le i}}\varphi(k_j)}},\quad {features}",
        Patterns = AttentionPatterns.All,
        Reference = new("reference", x => LinearReference.Run(x, map), AttentionPatterns.All),
        Forms =
        [
            new("chunked", x => LinearAttention.Chunked(x.Q, x.K, x.V, x.Causal, x.InitialState, featureMap: map.Queries, keyMap: map.Keys), AttentionPatterns.All)
            {
                RunInBlocks = (x, block) =>
                    LinearAttention.Chunked(x.Q, x.K, x.V, x.Causal, x.InitialState, block, map.Queries, keyMap: map.Keys),
            },
            new("parallel", x => LinearAttention.Parallel(x.Q, x.K, x.V, x.Causal, x.InitialState, map.Queries, keyMap: map.Keys), AttentionPatterns.All),
            new("recurrent", x => LinearAttention.Recurrent(x.Q, x.K, x.V, x.Causal, x.InitialState, map.Queries, keyMap: map.Keys), AttentionPatterns.All),
        ],
        State = new(
            "initialState", "[B,H,F,Dv+1]: Σφ(k)vᵀ, with Σφ(k) as its last column; F is the width of φ",
            (shape, generator, dtype) => SampleState(shape, map.Width(shape.KeyDim), generator, dtype)),
        Cost = (shape, causal) => Cost(shape, causal, map.Width(shape.KeyDim)),
        Weights = (x, rows) => LinearAttention.Weights(x.Q, x.K, x.Causal, rows, map.Queries, keyMap: map.Keys),
        Features = map,
    };

    /// <summary>The chunked form: two products with the state, and all pairs within a chunk where it is causal.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="causal">Whether the call is causal.</param>
    /// <param name="width">F, features of a token.</param>
    internal static AttentionCost Cost(AttentionShape shape, bool causal, double width)
    {
        const int Chunk = 64;
        var slices = (double)shape.Batch * shape.Heads;
        var state = width * (shape.ValueDim + 1);
        var inChunk = causal ? 2.0 * shape.QueryLength * Math.Min(Chunk, shape.KeyLength) * (width + shape.ValueDim + 1) : 0;
        return new(
            Flops: slices * (2 * (shape.QueryLength + shape.KeyLength) * state + inChunk),
            Elements: slices * (shape.QueryLength + shape.KeyLength) * (shape.KeyDim + shape.ValueDim),
            StateElements: slices * state);
    }

    private static Tensor SampleState(AttentionShape shape, long width, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var sums = randn([shape.Batch, shape.Heads, width, shape.ValueDim], ScalarType.Float64, generator: generator);
        var weights = rand([shape.Batch, shape.Heads, width, 1], ScalarType.Float64, generator: generator) + 0.5;
        return cat([sums, weights], 3).to(dtype).MoveToOuterDisposeScope();
    }
}
