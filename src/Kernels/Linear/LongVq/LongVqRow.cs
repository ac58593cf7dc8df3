using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of LongVQ's attention.</summary>
internal static class LongVqRow
{
    private const AttentionPatterns Served = AttentionPatterns.CausalSelf;

    // What samples have: enough for a test, and no length that one would take for a number of tokens.
    private const int Codes = 24, Window = 6;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "longvq",
        Name = "LongVQ (vector-quantised keys)",
        Paper = "76-longvq",
        Source = "LongVQ, IJCAI 2024, arXiv 2404.11163",
        Family = "linear",
        Summary = "Softmax attention over a fixed codebook for old keys and over single keys in a window, at a constant cost a token.",
        Equation = @"o_t = \frac{\sum_{c} e^{q_t\cdot C_c}U_c + \sum_{s>t-W} e^{q_t\cdot\hat k_s + b_{t-s}}v_s}{\sum_{c} e^{q_t\cdot C_c}n_c + \sum_{s>t-W} e^{q_t\cdot\hat k_s + b_{t-s}}},\qquad U_c = \sum_{s\le t-W,\,z_s=c} v_s",
        Patterns = Served,
        Reference = new("reference", LongVqReference.Run, Served),
        Forms =
        [
            new("chunked", x => Run(x, 64), Served) { RunInBlocks = Run },
            new("recurrent", x => Run(x, 1), Served),
        ],
        Extras =
        [
            new("codebook", "[B,H,S,D]: the codes that keys are replaced by", Normal(shape => [shape.Batch, shape.Heads, Codes, shape.KeyDim])),
            new("windowBias", "[B,H,W,1]: what is added to the scores of the last W keys, by distance", Normal(shape => [shape.Batch, shape.Heads, Window, 1])),
        ],
        State = new("initialState", "[B,H,S+W−1,D+Dv+1]: sums of values and counts by code, then the keys and values in the window", SampleState),
        Cost = Cost,
        Layer = (dim, heads, _) => new LongVqLayer(new(dim, heads)),
        Weights = Weights,
    };

    private static AttentionOutput Run(AttentionInputs x, int chunk)
    {
        var (codebook, windowBias) = Further(x);
        return LongVq.Chunked(x.Q, x.K, x.V, codebook, windowBias, x.InitialState, chunk);
    }

    private static Tensor Weights(AttentionInputs x, IReadOnlyList<int>? rows)
    {
        var (codebook, windowBias) = Further(x);
        return LongVq.Weights(x.Q, x.K, codebook, windowBias, rows);
    }

    private static (Tensor Codebook, Tensor WindowBias) Further(AttentionInputs x)
    {
        Arguments.Causal(x.Causal, "LongVQ with a window");
        return (x.Tensor("codebook"), x.Tensor("windowBias"));
    }

    /// <summary>Nearest codes, scores of codes, of a chunk and of the window, and as many values; with as many codes as samples have.</summary>
    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        const int Chunk = 64;
        var (slices, width) = ((double)shape.Batch * shape.Heads, (double)shape.KeyDim + shape.ValueDim);
        var scored = Codes + Math.Min(Chunk, shape.KeyLength) + Window - 1;
        return new(
            Flops: slices * shape.QueryLength * (2.0 * Codes * shape.KeyDim + 2 * scored * width),
            Elements: slices * (shape.QueryLength * 2 * width + Codes * (shape.KeyDim + shape.ValueDim + 1.0) + Window),
            StateElements: slices * (Codes * (shape.ValueDim + 1.0) + (Window - 1) * width));
    }

    private static Func<AttentionShape, Generator, ScalarType, Tensor> Normal(Func<AttentionShape, long[]> of) => (shape, generator, dtype) =>
    {
        using var scope = NewDisposeScope();
        return randn(of(shape), ScalarType.Float64, generator: generator).to(dtype).MoveToOuterDisposeScope();
    };

    /// <summary>Sums of one to four values a code, and a full window.</summary>
    private static Tensor SampleState(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor Draw(long rows, long columns) => randn([shape.Batch, shape.Heads, rows, columns], ScalarType.Float64, generator: generator);
        var counts = (1 + 4 * rand([shape.Batch, shape.Heads, Codes, 1], ScalarType.Float64, generator: generator)).floor();
        var (sums, places) = (Draw(Codes, shape.ValueDim) * counts.sqrt(), Draw(Window - 1, shape.KeyDim + shape.ValueDim));
        var memory = new LongVqMemory(
            sums, counts, places.narrow(3, 0, shape.KeyDim), places.narrow(3, shape.KeyDim, shape.ValueDim), ones_like(places.narrow(3, 0, 1)));
        return memory.ToState().to(dtype).MoveToOuterDisposeScope();
    }
}
