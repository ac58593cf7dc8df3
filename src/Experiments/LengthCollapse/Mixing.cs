namespace Attn.Experiments;

/// <summary>What stands in the place of the attention matrix of a <see cref="RandomEncoder"/>.</summary>
public enum Mixing
{
    /// <summary>Softmax attention.</summary>
    Softmax,

    /// <summary>The identity: no token sees another.</summary>
    Identity,

    /// <summary>1/n everywhere: every token sees the mean.</summary>
    Uniform,
}
