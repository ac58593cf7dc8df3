namespace Attn.Experiments;

/// <summary>How a TransNormerLLM tells places apart.</summary>
public enum PositionCode
{
    /// <summary>LRPE in the first layer, decay in all: the paper's choice.</summary>
    Mix,

    /// <summary>LRPE and decay in all layers.</summary>
    LrpeD,

    /// <summary>Decay alone.</summary>
    Decay,

    /// <summary>LRPE alone, in all layers.</summary>
    Lrpe,

    /// <summary>Neither: the sums of linear attention know no order.</summary>
    None,
}

/// <summary>What of TransNormerLLM's recipe a small model has.</summary>
/// <param name="Positions">How places are told apart.</param>
public sealed record TransNormerOptions(PositionCode Positions = PositionCode.Mix)
{
    /// <summary>Whether the token mixer's output is multiplied by u.</summary>
    public bool Gate { get; init; } = true;

    /// <summary>Whether the channel mixer puts one of its factors through Swish (SwiGLU); the paper's SGLU has no activation.</summary>
    public bool Swish { get; init; }

    /// <summary>Whether a layer uses LRPE.</summary>
    internal bool HasAngles(int layer) => Positions is PositionCode.LrpeD or PositionCode.Lrpe || (Positions == PositionCode.Mix && layer == 0);

    /// <summary>Whether layers forget.</summary>
    internal bool HasDecay => Positions is PositionCode.Mix or PositionCode.LrpeD or PositionCode.Decay;
}
