using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of Titans' matrix memory.</summary>
internal static class TitansRow
{
    private const AttentionPatterns Served = AttentionPatterns.CausalSelf;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "titans",
        Name = "Titans (neural long-term memory)",
        Paper = "24-titans",
        Source = "Behrouz et al., 2025, arXiv 2501.00663",
        Family = "memory",
        Summary = "A memory that learns keys and values while it reads them, by gradient descent with momentum and forgetting.",
        Equation = @"S_t = \eta_t S_{t-1} - 2\theta_t k_t^\top(k_t M_{t-1} - v_t),\qquad M_t = (1-\alpha_t)M_{t-1} + S_t,\qquad o_t = q_t M_t",
        Patterns = Served,
        Reference = new("reference", TitansReference.Run, Served),
        Forms =
        [
            new("chunked", x => Titans.Chunked(x.Q, x.K, x.V, Gates(x), x.InitialState), Served)
            {
                RunInBlocks = (x, block) => Titans.Chunked(x.Q, x.K, x.V, Gates(x), x.InitialState, chunk: block),
            },
            new("recurrent", x => Titans.Recurrent(x.Q, x.K, x.V, Gates(x), x.InitialState), Served),
        ],
        Extras =
        [
            Gate("step", "θ, how far along the gradient a token moves the memory", 0.05, 0.3),
            Gate("momentum", "η, how much of the last update goes on at a token", 0.1, 0.6),
            Gate("forget", "α, how much of the memory is let go at a token", 0.01, 0.2),
        ],
        State = new("initialState", "[B,H,2D,Dv]: the rows of the memory, then those of its momentum", DecayRows.SampleState(2)),
        Cost = Cost,
        Layer = (dim, heads, _) => new NeuralMemoryLayer(new(dim, heads)),
        Weights = (x, rows) => Titans.Weights(x.Q, x.K, Gates(x), rows),
    };

    private static MemoryGates Gates(AttentionInputs inputs)
    {
        Arguments.Causal(inputs.Causal, "the memory of Titans");
        return new(inputs.Tensor("step"), inputs.Tensor("momentum"), inputs.Tensor("forget"));
    }

    /// <summary>In a chunk: pairs of keys and of queries with keys, the triangular system, what is read from it; and two products each with M and S.</summary>
    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        const int Chunk = 64;
        var slices = (double)shape.Batch * shape.Heads;
        var state = 2.0 * shape.KeyDim * shape.ValueDim;
        var inChunk = (double)shape.QueryLength * Math.Min(Chunk, shape.KeyLength) * (4.0 * shape.KeyDim + 3 * shape.ValueDim);
        return new(
            Flops: slices * (6 * shape.QueryLength * state + inChunk),
            Elements: slices * shape.QueryLength * (2.0 * shape.KeyDim + 2 * shape.ValueDim + 3),
            StateElements: slices * state);
    }

    private static AttentionExtra Gate(string name, string meaning, double least, double most) => new(
        name, $"[B,H,T,1], from 0 to 1: {meaning}", (shape, generator, dtype) =>
        {
            using var scope = NewDisposeScope();
            var share = rand([shape.Batch, shape.Heads, shape.KeyLength, 1], ScalarType.Float64, generator: generator);
            return (least + (most - least) * share).to(dtype).MoveToOuterDisposeScope();
        })
    {
        Least = 0,
        Most = 1,
    };
}
