namespace Attn.Experiments;

/// <summary>What the MLP of a block applies between its two matrices.</summary>
public enum MlpActivation
{
    /// <summary>Nothing: two matrices in a row, a linear map.</summary>
    None,

    /// <summary>GELU.</summary>
    Gelu,

    /// <summary>ReLU.</summary>
    Relu,
}

/// <summary>What is done to queries and keys, head by head, before their product.</summary>
public enum QueryKeyRule
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>Layer normalisation with a gain that the heads share: |z| ≤ √d_h · max|g_q g_k| (Wortsman et al. 2023, §3.1.1).</summary>
    Norm,

    /// <summary>Scaled to length √κ·d_h^¼ each: logits are κ·cos(q, k), at most κ.</summary>
    Capped,
}

/// <summary>The parts of a <see cref="ProbedTransformer"/>. As it stands: layer norms, GELU, plain queries and keys.</summary>
public sealed record ProbedOptions
{
    /// <summary>Whether blocks and the head have layer norms before them.</summary>
    public bool LayerNorms { get; init; } = true;

    /// <summary>The activation of the MLP, of width 4d.</summary>
    public MlpActivation Activation { get; init; } = MlpActivation.Gelu;

    /// <summary>
    /// Whether one d×d matrix with two learned factors stands for the MLP, βx + FFN(x)/α (Jha and Reagen 2025, ScFuFFN); the activation is then
    /// not used.
    /// </summary>
    public bool FusedMlp { get; init; }

    /// <summary>What is done to queries and keys.</summary>
    public QueryKeyRule QueryKey { get; init; } = QueryKeyRule.Plain;

    /// <summary>κ, the largest logit under <see cref="QueryKeyRule.Capped"/>.</summary>
    public double Cap { get; init; } = 1;

    /// <summary>Whether queries, keys and values have a map each; without, one map makes all three.</summary>
    public bool SeparateMaps { get; init; }

    /// <summary>Which linear maps of the blocks are under σReparam, γ = 1 at first; those of queries, keys and values only where they are separate.</summary>
    public SigmaPlaces Sigma { get; init; }

    /// <summary>Whether γ stays 1.</summary>
    public bool FrozenGamma { get; init; }

    /// <summary>Whether the maps of the MLP have biases, which σReparam leaves alone.</summary>
    public bool MlpBias { get; init; }

    /// <summary>ε of all layer norms, those of queries and keys too.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>The first value of the learned temperatures t [H,T] that divide the logits, one a head and query; null for none.</summary>
    public double? Temperature { get; init; }
}
