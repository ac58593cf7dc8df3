using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>What the rows of the scalar-decay family have in common.</summary>
internal static class DecayRows
{
    private const int Chunk = 64;

    public const AttentionPatterns Served = AttentionPatterns.CausalSelf;

    /// <summary>A decay for each head, the same for all tokens.</summary>
    public static AttentionExtra PerHead { get; } = new(
        "logDecay", "[B,H,1,1], at most 0: the logarithm of how much of a head's state is kept at a token", SampleDecay)
    {
        Most = 0,
        IsSetting = true,
    };

    /// <summary>The state of linear attention.</summary>
    public static AttentionExtra State { get; } = new("initialState", "[B,H,D,Dv]: the decayed sum of kᵀv", SampleState(1));

    /// <summary>The decay <c>[B,H,T,1]</c> of every token, not its logarithm, for the references.</summary>
    public static Tensor Decay(AttentionInputs inputs)
    {
        var logDecay = inputs.Tensor(PerHead.Name);
        return exp(logDecay).expand(logDecay.size(0), logDecay.size(1), inputs.Q.size(2), 1);
    }

    /// <summary>Cost of the chunked form, with <paramref name="features"/> features a channel of q and k, and <paramref name="extra"/> further elements a token.</summary>
    public static AttentionCost Cost(AttentionShape shape, int features = 1, double extra = 0)
    {
        var slices = (double)shape.Batch * shape.Heads;
        var dim = (double)features * shape.KeyDim;
        var state = dim * shape.ValueDim;
        var inChunk = 2.0 * shape.QueryLength * Math.Min(Chunk, shape.KeyLength) * (dim + shape.ValueDim);
        return new(
            Flops: slices * (4 * shape.QueryLength * state + inChunk),
            Elements: slices * shape.QueryLength * (2.0 * shape.KeyDim + 2 * shape.ValueDim + extra),
            StateElements: slices * state);
    }

    /// <summary>A layer whose heads decay at fixed rates, on whatever device and of whatever dtype its weights are.</summary>
    public static ProjectedAttention Layer(
        int dim, int heads, IReadOnlyList<double> slopes, Func<Tensor, Tensor, Tensor, Tensor, AttentionOutput> attend) =>
        new(dim, heads, (q, k, v) => attend(q, k, v, DecaySlopes.LogDecay(slopes, Accumulator.For(q.dtype), q.device)).Output);

    /// <summary>Draws a state with <paramref name="features"/> rows a channel of the keys, and <paramref name="columns"/> more columns than values.</summary>
    public static Func<AttentionShape, Generator, ScalarType, Tensor> SampleState(int features, int columns = 0) => (shape, generator, dtype) =>
    {
        using var scope = NewDisposeScope();
        return randn([shape.Batch, shape.Heads, features * shape.KeyDim, shape.ValueDim + columns], ScalarType.Float64, generator: generator)
            .to(dtype).MoveToOuterDisposeScope();
    };

    private static Tensor SampleDecay(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return (-0.01 - 0.3 * rand([shape.Batch, shape.Heads, 1, 1], ScalarType.Float64, generator: generator)).to(dtype).MoveToOuterDisposeScope();
    }
}
