namespace Attn.Kernels;

/// <summary>The catalogue row of LightNet.</summary>
internal static class LightNetRow
{
    private const AttentionPatterns Served = AttentionPatterns.NoncausalSelf | AttentionPatterns.CausalSelf | AttentionPatterns.NoncausalCross;

    public static AttentionMechanism Row { get; } = new()
    {
        Id = "lightnet",
        Name = "LightNet (additive decay)",
        Paper = "06-lightnet",
        Source = "Qin et al., 2024, arXiv 2405.21022",
        Family = "linear",
        Summary = "Linear attention whose weights are a softmax over tokens for each key channel, so that one scan in any order suffices.",
        Equation = @"o_t = q_t\sum_{s}\frac{e^{k_s}}{\sum_{j}e^{k_j}}\,v_s^\top,\qquad S_t = e^{z_{t-1}-z_t}S_{t-1} + e^{k_t-z_t}v_t^\top,\quad z_t=\log\sum_{j\le t}e^{k_j}",
        Patterns = Served,
        Reference = new("reference", LightNetReference.Run, Served),
        Forms =
        [
            new("chunked", x => LightNet.Chunked(x.Q, x.K, x.V, x.Causal, x.InitialState), Served)
            {
                RunInBlocks = (x, block) => LightNet.Chunked(x.Q, x.K, x.V, x.Causal, x.InitialState, block),
            },
            new("parallel", x => LightNet.Parallel(x.Q, x.K, x.V, x.Causal, x.InitialState), Served),
            new("recurrent", x => LightNet.Recurrent(x.Q, x.K, x.V, x.Causal, x.InitialState), Served),
        ],
        State = new("initialState", "[B,H,D,Dv+1]: the weighted mean of the values, with the log-sum-exp of the keys as its last column", DecayRows.SampleState(1, 1)),
        Cost = Cost,
        Weights = (x, rows) => LightNet.Weights(x.Q, x.K, x.Causal, rows),
        Layer = (dim, heads, causal) => new LightNetLayer(dim, dim / heads, causal),
    };

    /// <summary>Noncausal, two products with the state; causal, the gated form, whose gates are made on the way.</summary>
    private static AttentionCost Cost(AttentionShape shape, bool causal)
    {
        var slices = (double)shape.Batch * shape.Heads;
        var state = (double)shape.KeyDim * (shape.ValueDim + 1);
        var elements = slices * (shape.QueryLength + shape.KeyLength) * ((double)shape.KeyDim + shape.ValueDim);
        return causal
            ? DecayRows.Cost(shape) with { Elements = elements, StateElements = slices * state }
            : new(2 * slices * (shape.QueryLength + shape.KeyLength) * shape.KeyDim * shape.ValueDim, elements, slices * state);
    }
}
