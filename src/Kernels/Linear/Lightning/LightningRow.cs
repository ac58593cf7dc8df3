using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of lightning attention.</summary>
internal static class LightningRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "lightning",
        Name = "Lightning attention",
        Paper = "15-lightning-attention",
        Source = "Qin et al., ICML 2024, arXiv 2405.17381",
        Family = "linear",
        Summary = "Linear attention with one fixed decay a head, computed by tiles so that a token costs the same at every length.",
        Equation = @"O = \left[(QK^\top)\odot M\right]V,\quad M_{ts}=\lambda^{t-s}\ (t\ge s)",
        Patterns = DecayRows.Served,
        Reference = new("reference", x => DecayReference.Run(x.Q, x.K, x.V, DecayRows.Decay(x), x.InitialState), DecayRows.Served),
        Forms =
        [
            new("chunked", x => ScalarDecay.Chunked(x.Q, x.K, x.V, Decay(x), x.InitialState), DecayRows.Served)
            {
                RunInBlocks = (x, block) => ScalarDecay.Chunked(x.Q, x.K, x.V, Decay(x), x.InitialState, block),
            },
            new("tiled", x => LightningAttention.Attend(x.Q, x.K, x.V, Decay(x), x.InitialState), DecayRows.Served)
            {
                Paper = "39-lightning-attention-2",
                RunInBlocks = (x, block) => LightningAttention.Attend(x.Q, x.K, x.V, Decay(x), x.InitialState, block),
            },
            new("parallel", x => ScalarDecay.Parallel(x.Q, x.K, x.V, Decay(x), x.InitialState), DecayRows.Served),
            new("recurrent", x => ScalarDecay.Recurrent(x.Q, x.K, x.V, Decay(x), x.InitialState), DecayRows.Served),
        ],
        Extras = [DecayRows.PerHead],
        State = DecayRows.State,
        Cost = (shape, _) => DecayRows.Cost(shape),
        Weights = (x, rows) => ScalarDecay.Weights(x.Q, x.K, Decay(x), rows),
        Layer = (dim, heads, _) => DecayRows.Layer(dim, heads, DecaySlopes.Alibi(heads), (q, k, v, logDecay) => ScalarDecay.Chunked(q, k, v, logDecay)),
    };

    private static Tensor Decay(AttentionInputs inputs)
    {
        Arguments.Causal(inputs.Causal, "lightning attention");
        return inputs.Tensor(DecayRows.PerHead.Name);
    }
}
