using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of sliding-window attention.</summary>
internal static class SlidingWindowRow
{
    private const AttentionPatterns Served = AttentionPatterns.CausalSelf;
    private const int Window = SlidingWindow.DefaultWindow;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "sliding-window",
        Name = "Sliding-window attention",
        Source = "Beltagy et al. (Longformer), 2020, arXiv 2004.05150",
        Family = "softmax",
        Summary = "Exact softmax attention over the last 16 tokens alone, with a cache that never grows.",
        Equation = @"o_i = \sum_{j=i-w+1}^{i}\frac{e^{q_i\cdot k_j/\sqrt D}}{\sum_{l=i-w+1}^{i}e^{q_i\cdot k_l/\sqrt D}}\,v_j",
        Patterns = Served,
        Reference = new("reference", SlidingWindowReference.Run, Served),
        Forms =
        [
            new("blocks", x => Causal(x, () => SlidingWindow.Blocks(x.Q, x.K, x.V, Window, x.InitialState)), Served)
            {
                RunInBlocks = (x, block) => Causal(x, () => SlidingWindow.Blocks(x.Q, x.K, x.V, Window, x.InitialState, block)),
            },
            new("plain", x => Causal(x, () => SlidingWindow.Plain(x.Q, x.K, x.V, Window, x.InitialState)), Served),
            new("recurrent", x => Causal(x, () => SlidingWindow.Recurrent(x.Q, x.K, x.V, Window, x.InitialState)), Served),
        ],
        State = new("initialState", "[B,H,C,D+Dv]: the keys and values of the last C ≤ 16 tokens", SampleState),
        Cost = Cost,
        Weights = (x, rows) => Causal(x, () => SlidingWindow.Weights(x.Q, x.K, Window, rows)),
        CutsKeys = "A query sees the last 16 tokens alone, itself among them.",
    };

    private static T Causal<T>(AttentionInputs inputs, Func<T> run)
    {
        Arguments.Causal(inputs.Causal, "sliding-window attention");
        return run();
    }

    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        var window = Math.Min(Window, shape.KeyLength);
        var pairs = (double)window * shape.QueryLength - window * (window - 1) / 2.0;
        var slices = (double)shape.Batch * shape.Heads;
        var dims = (double)shape.KeyDim + shape.ValueDim;
        return new(
            Flops: slices * 2 * pairs * dims,
            Elements: slices * (shape.QueryLength + shape.KeyLength) * dims,
            StateElements: slices * window * dims);
    }

    private static Tensor SampleState(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return randn([shape.Batch, shape.Heads, Window, shape.KeyDim + shape.ValueDim], ScalarType.Float64, generator: generator)
            .to(dtype).MoveToOuterDisposeScope();
    }
}
