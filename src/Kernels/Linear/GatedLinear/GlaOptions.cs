namespace Attn.Kernels;

/// <summary>What the forget gate of a GLA layer depends on.</summary>
public enum GlaGate
{
    /// <summary>Each token's own gate for every key channel: the paper's layer.</summary>
    PerToken,

    /// <summary>One learned decay for every key channel, the same for all tokens: a baseline.</summary>
    Fixed,

    /// <summary>Nothing is forgotten: plain linear attention, a baseline.</summary>
    None,
}

/// <summary>The shape of a GLA layer; the defaults are the paper's.</summary>
/// <param name="Dim">d, channels.</param>
/// <param name="Heads">H.</param>
public sealed record GlaOptions(int Dim, int Heads = 4)
{
    /// <summary>d_k / d, width of queries and keys over all heads.</summary>
    public double ExpandKey { get; init; } = 0.5;

    /// <summary>d_v / d, width of values over all heads.</summary>
    public double ExpandValue { get; init; } = 1;

    /// <summary>Rank of the gate's projection.</summary>
    public int GateRank { get; init; } = 16;

    /// <summary>τ: the gate is σ(·)^{1/τ}, so that a large τ keeps a state long. A state that must be cleared at one token needs τ = 1.</summary>
    public double GateNormalizer { get; init; } = 16;

    /// <summary>The gate's bias at the start.</summary>
    public double GateBias { get; init; }

    /// <summary>What the gate depends on.</summary>
    public GlaGate Gate { get; init; } = GlaGate.PerToken;

    /// <summary>Whether each head's output is layer-normalised and then gated by Swish(xW_r + b_r).</summary>
    public bool NormAndOutputGate { get; init; } = true;
}
