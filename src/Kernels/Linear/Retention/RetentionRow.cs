using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of retention, a baseline.</summary>
internal static class RetentionRow
{
    public static AttentionMechanism Row { get; } = new()
    {
        Id = "retention",
        Name = "Retention",
        Source = "Sun et al., 2023, arXiv 2307.08621",
        Family = "linear",
        Summary = "Linear attention with rotary positions and one fixed decay a head: RetNet's token mixer before its norm and gate.",
        Equation = @"S_t = \gamma\,e^{i\theta}S_{t-1} + k_t^\top v_t,\qquad o_t = \tfrac{1}{\sqrt D}\,q_t S_t",
        Patterns = DecayRows.Served,
        Reference = new("reference", RetentionReference.Run, DecayRows.Served),
        Forms =
        [
            new("chunked", x => Retention.Chunked(x.Q, x.K, x.V, Decay(x), x.InitialState), DecayRows.Served)
            {
                RunInBlocks = (x, block) => Retention.Chunked(x.Q, x.K, x.V, Decay(x), x.InitialState, block),
            },
            new("parallel", x => Retention.Parallel(x.Q, x.K, x.V, Decay(x), x.InitialState), DecayRows.Served),
            new("recurrent", x => Retention.Recurrent(x.Q, x.K, x.V, Decay(x), x.InitialState), DecayRows.Served),
        ],
        Extras = [DecayRows.PerHead],
        State = new("initialState", "[B,H,D,Dv]: the decayed sum of kᵀv, rotated as the last token sees it", DecayRows.SampleState(1)),
        Cost = (shape, _) => DecayRows.Cost(shape),
        Weights = (x, rows) => Retention.Weights(x.Q, x.K, Decay(x), rows),
        Layer = (dim, heads, _) => DecayRows.Layer(dim, heads, DecaySlopes.Retention(heads), (q, k, v, logDecay) => Retention.Chunked(q, k, v, logDecay)),
    };

    private static Tensor Decay(AttentionInputs inputs)
    {
        Arguments.Causal(inputs.Causal, "retention");
        return inputs.Tensor(DecayRows.PerHead.Name);
    }
}
