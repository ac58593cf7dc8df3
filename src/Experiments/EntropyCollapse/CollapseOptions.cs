namespace Attn.Experiments;

/// <summary>What keeps a small transformer's training stable, or fails to.</summary>
/// <param name="LayerNorm">Whether blocks and head have their layer norms.</param>
/// <param name="Sigma">Which linear maps are under σReparam, γ = 1 at first.</param>
public sealed record CollapseOptions(bool LayerNorm, SigmaPlaces Sigma)
{
    /// <summary>Whether γ stays 1.</summary>
    public bool FrozenGamma { get; init; }

    /// <summary>Whether queries and keys are layer-normalised, head by head.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Whether the MLPs have biases, which σReparam leaves alone.</summary>
    public bool MlpBias { get; init; } = true;

    /// <summary>AdamW's decay of all weights, γ among them.</summary>
    public double WeightDecay { get; init; }
}
