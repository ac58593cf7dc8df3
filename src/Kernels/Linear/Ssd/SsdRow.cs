using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of state space duality, a baseline.</summary>
internal static class SsdRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "ssd",
        Name = "State space duality (Mamba-2)",
        Source = "Dao and Gu, ICML 2024, arXiv 2405.21060",
        Family = "linear",
        Summary = "A selective state space model read as linear attention: each token sets, head by head, how far the past decays.",
        Equation = @"h_t = e^{\Delta_t A}\,h_{t-1} + \Delta_t\,B_t^\top x_t,\qquad y_t = C_t h_t",
        Patterns = DecayRows.Served,
        Reference = new("reference", Reference, DecayRows.Served),
        Forms =
        [
            new("chunked", x => Ssd.Chunked(x.Q, x.K, x.V, Step(x), Rate(x), x.InitialState), DecayRows.Served)
            {
                RunInBlocks = (x, block) => Ssd.Chunked(x.Q, x.K, x.V, Step(x), Rate(x), x.InitialState, block),
            },
            new("parallel", x => Ssd.Parallel(x.Q, x.K, x.V, Step(x), Rate(x), x.InitialState), DecayRows.Served),
            new("recurrent", x => Ssd.Recurrent(x.Q, x.K, x.V, Step(x), Rate(x), x.InitialState), DecayRows.Served),
        ],
        Extras =
        [
            new("step", "[B,H,T,1], at least 0: Δ, by how much time a token moves the state on", SampleStep) { Least = 0 },
            new("rate", "[B,H,1,1], at most 0: A, how fast a head's state decays in time", SampleRate) { Most = 0 },
        ],
        State = DecayRows.State,
        Cost = (shape, _) => DecayRows.Cost(shape, extra: 1),
        Weights = (x, rows) => Ssd.Weights(x.Q, x.K, Step(x), Rate(x), rows),
    };

    private static AttentionOutput Reference(AttentionInputs x)
    {
        var step = x.Tensor("step");
        return DecayReference.Run(x.Q, x.K, step * x.V, exp(step * x.Tensor("rate")), x.InitialState);
    }

    private static Tensor Step(AttentionInputs inputs)
    {
        Arguments.Causal(inputs.Causal, "state space duality");
        return inputs.Tensor("step");
    }

    private static Tensor Rate(AttentionInputs inputs) => inputs.Tensor("rate");

    private static Tensor SampleStep(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var logits = randn([shape.Batch, shape.Heads, shape.KeyLength, 1], ScalarType.Float64, generator: generator) - 1;
        return nn.functional.softplus(logits).to(dtype).MoveToOuterDisposeScope();
    }

    private static Tensor SampleRate(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return (-0.1 - rand([shape.Batch, shape.Heads, 1, 1], ScalarType.Float64, generator: generator)).to(dtype).MoveToOuterDisposeScope();
    }
}
