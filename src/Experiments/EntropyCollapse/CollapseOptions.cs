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

    /// <summary>The parts of the model.</summary>
    internal ProbedOptions Parts => new()
    {
        LayerNorms = LayerNorm,
        QueryKey = QueryKeyNorm ? QueryKeyRule.Norm : QueryKeyRule.Plain,
        SeparateMaps = true,
        Sigma = Sigma,
        FrozenGamma = FrozenGamma,
        MlpBias = true,
        NormEpsilon = 1e-5,
    };
}
