using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of TransNormerLLM's attention.</summary>
internal static class TransNormerRow
{
    public const string Angles = "theta";

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "transnormer",
        Name = "TransNormerLLM attention",
        Paper = "04-transnormerllm",
        Source = "Qin et al., 2023, arXiv 2307.14995",
        Family = "linear",
        Summary = "Linear attention with learned relative positions and one fixed decay a head; a norm over all heads follows it in place of a denominator.",
        Equation = @"o_t = \sum_{s\le t}\lambda^{t-s}\Big[\sum_j q_{tj}\,k_{sj}\cos\theta_j(t-s)\Big]v_s",
        Patterns = DecayRows.Served,
        Reference = new("reference", TransNormerReference.Run, DecayRows.Served),
        Forms =
        [
            new("chunked", x => TransNormer.Chunked(x.Q, x.K, x.V, Decay(x), Theta(x), x.InitialState), DecayRows.Served)
            {
                RunInBlocks = (x, block) => TransNormer.Chunked(x.Q, x.K, x.V, Decay(x), Theta(x), x.InitialState, block),
            },
            new("parallel", x => TransNormer.Parallel(x.Q, x.K, x.V, Decay(x), Theta(x), x.InitialState), DecayRows.Served),
            new("recurrent", x => TransNormer.Recurrent(x.Q, x.K, x.V, Decay(x), Theta(x), x.InitialState), DecayRows.Served),
        ],
        Extras = [DecayRows.PerHead, new(Angles, "[B,H,1,D]: by how much a channel turns from token to token, in radians", SampleAngles)],
        State = new("initialState", "[B,H,2D,Dv]: the decayed sums of kᵀv with the cosine and the sine of their places, as the last token sees them", DecayRows.SampleState(2)),
        Cost = (shape, _) => DecayRows.Cost(shape, features: 2),
        Weights = (x, rows) => TransNormer.Weights(x.Q, x.K, Decay(x), Theta(x), rows),
        Layer = (dim, heads, _) => new NormLinearAttention(dim, heads, DecaySlopes.Alibi(heads), positions: true),
    };

    private static Tensor Decay(AttentionInputs inputs)
    {
        Arguments.Causal(inputs.Causal, "TransNormerLLM's attention");
        return inputs.Tensor(DecayRows.PerHead.Name);
    }

    private static Tensor Theta(AttentionInputs inputs) => inputs.Tensor(Angles);

    private static Tensor SampleAngles(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return rand([shape.Batch, shape.Heads, 1, shape.KeyDim], ScalarType.Float64, generator: generator).to(dtype).MoveToOuterDisposeScope();
    }
}
