namespace Attn.Theory.CostModel;

/// <summary>
/// What a decoder's nonlinear operations cost under secret sharing, where every element of one is bytes on a wire and linear maps are not counted
/// (Jha and Reagen 2025, arXiv 2501.03489, tables 3 and 4). Bytes for an element depend on the protocol; ratios of models do so less.
/// </summary>
/// <param name="Layers">L.</param>
/// <param name="Width">d.</param>
/// <param name="Heads">H.</param>
/// <param name="Tokens">T.</param>
public sealed record PrivateInference(int Layers, int Width, int Heads, int Tokens)
{
    /// <summary>L.</summary>
    public int Layers { get; init; } = Positive(Layers, nameof(Layers));

    /// <summary>d.</summary>
    public int Width { get; init; } = Positive(Width, nameof(Width));

    /// <summary>H.</summary>
    public int Heads { get; init; } = Positive(Heads, nameof(Heads));

    /// <summary>T.</summary>
    public int Tokens { get; init; } = Positive(Tokens, nameof(Tokens));

    /// <summary>Whether there are layer norms: two a layer and one before the head.</summary>
    public bool LayerNorms { get; init; }

    /// <summary>Whether the MLP has an activation, on 4d channels.</summary>
    public bool Activation { get; init; }

    /// <summary>Bytes an element of softmax.</summary>
    public double SoftmaxBytes { get; init; } = 1;

    /// <summary>Bytes an element of a layer norm.</summary>
    public double NormBytes { get; init; } = 1;

    /// <summary>Bytes an element of an activation.</summary>
    public double ActivationBytes { get; init; } = 1;

    /// <summary>Elements of softmax, L·H·T²: the protocol computes hidden pairs too.</summary>
    public double SoftmaxElements => (double)Layers * Heads * Tokens * Tokens;

    /// <summary>Elements of layer norms, (2L + 1)·d·T.</summary>
    public double NormElements => LayerNorms ? (2.0 * Layers + 1) * Width * Tokens : 0;

    /// <summary>Elements of activations, L·4d·T.</summary>
    public double ActivationElements => Activation ? 4.0 * Layers * Width * Tokens : 0;

    /// <summary>All bytes.</summary>
    public double Bytes => SoftmaxElements * SoftmaxBytes + NormElements * NormBytes + ActivationElements * ActivationBytes;

    /// <summary>Nonlinear operations one after another, each of which is at least one round trip.</summary>
    public int Rounds => Layers * (1 + (LayerNorms ? 2 : 0) + (Activation ? 1 : 0)) + (LayerNorms ? 1 : 0);

    private static int Positive(int size, string name) => size >= 1 ? size : throw new ArgumentException($"{name}: got {size}, needs at least 1.", name);
}
