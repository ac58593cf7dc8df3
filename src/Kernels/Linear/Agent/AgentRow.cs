using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of agent attention.</summary>
internal static class AgentRow
{
    private const AttentionPatterns Served = AttentionPatterns.NoncausalSelf | AttentionPatterns.NoncausalCross;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "agent",
        Name = "Agent attention",
        Paper = "70-agent-attention",
        Source = "Han et al., ECCV 2024, arXiv 2312.08874",
        Family = "linear",
        Summary = "A few agents read all keys by a softmax and all queries read the agents by another, which is linear attention of rank n.",
        Equation = @"O = \mathrm{softmax}\!\left(\frac{QA^\top}{\sqrt d}\right)\mathrm{softmax}\!\left(\frac{AK^\top}{\sqrt d}\right)V,\qquad A\in\mathbb{R}^{n\times d}",
        Patterns = Served,
        Reference = new("reference", AgentReference.Run, Served),
        Forms =
        [
            new("linear", x => new(AgentAttention.Forward(x.Q, x.K, x.V, Agents(x))), Served),
            new("parallel", x => new(AgentAttention.Parallel(x.Q, x.K, x.V, Agents(x))), Served),
        ],
        Extras = [new("agents", "[B,H,n,D]: the agents, such as queries pooled over regions", SampleAgents)],
        Cost = Cost,
        Weights = (x, rows) => AgentAttention.Weights(x.Q, x.K, Agents(x), rows),
        Layer = (dim, heads, _) => new AgentLayer(new(dim, heads)),
    };

    private static Tensor Agents(AttentionInputs inputs)
    {
        if (inputs.Causal)
            Arguments.Fail("causal", "true", "false: agents have read every key");
        return inputs.Tensor("agents");
    }

    /// <summary>Products with the agents on both sides. What must be kept for further queries: the agents and their values.</summary>
    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        var slices = (double)shape.Batch * shape.Heads;
        var widths = (double)shape.KeyDim + shape.ValueDim;
        var agents = (double)Count(shape);
        return new(
            Flops: 2 * slices * agents * (shape.QueryLength + shape.KeyLength) * widths,
            Elements: slices * ((shape.QueryLength + shape.KeyLength) * widths + agents * shape.KeyDim),
            StateElements: slices * agents * widths);
    }

    /// <summary>An agent for every eight keys, 49 at most, as the paper's models for images have.</summary>
    private static int Count(AttentionShape shape) => Math.Clamp(shape.KeyLength / 8, 1, 49);

    private static Tensor SampleAgents(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return randn([shape.Batch, shape.Heads, Count(shape), shape.KeyDim], ScalarType.Float64, generator: generator).to(dtype).MoveToOuterDisposeScope();
    }
}
