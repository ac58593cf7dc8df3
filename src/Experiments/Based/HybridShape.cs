using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>A stack of layers of different kinds, one letter a layer, and the state that each decodes with.</summary>
/// <param name="Layers">C a gated short convolution, L Taylor linear attention, S sliding-window attention, A attention over all tokens.</param>
/// <param name="Dim">d, channels.</param>
/// <param name="Heads">H.</param>
public sealed record HybridShape(string Layers, int Dim, int Heads)
{
    /// <summary>The letters that there are.</summary>
    public const string Kinds = "CLSA";

    /// <summary>The published model of 360 M parameters: 17 convolutions, 5 linear layers and 5 windows.</summary>
    public static HybridShape Published { get; } = new("CLSCCCLSCCCLSCCCLSCCCLSCCCC", Dim: 1024, Heads: 16) { Window = 256 };

    /// <summary>d', channels of a head's queries and keys in a linear layer.</summary>
    public int FeatureDim { get; init; } = 16;

    /// <summary>w, tokens of a window: 64 in the paper's text, 256 in the released models.</summary>
    public int Window { get; init; } = 64;

    /// <summary>Tokens that a convolution reaches over.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Floats of state a sequence of <paramref name="length"/> tokens leaves in one layer.</summary>
    /// <exception cref="ArgumentException">No such kind.</exception>
    public long StateFloats(char kind, int length) => kind switch
    {
        'C' => (long)Kernel * Dim,
        'L' => (long)Heads * (Dim / Heads + 1) * TaylorFeatureMap.SymmetricWidth(FeatureDim),
        'S' => 2L * Math.Min(Window, length) * Dim,
        'A' => 2L * length * Dim,
        _ => throw Unknown(kind),
    };

    /// <summary>Floats of state in all layers.</summary>
    public long StateFloats(int length) => Layers.Sum(kind => StateFloats(kind, length));

    /// <summary>The token mixer of a layer with fresh weights, causal, <c>[B,T,d]</c> to <c>[B,T,d]</c>. Windows have rotary positions, the rest none.</summary>
    /// <exception cref="ArgumentException">No such kind, or channels that heads do not divide.</exception>
    public nn.Module<Tensor, Tensor> Mixer(char kind) => kind switch
    {
        'C' => new GatedShortConvolution(Dim, Kernel),
        'L' => new BasedLayer(Dim, Heads, FeatureDim),
        'S' => new ProjectedAttention(Dim, Heads, (q, k, v) => SlidingWindow.Blocks(Rope.Apply(q), Rope.Apply(k), v, Window).Output),
        'A' => new ProjectedAttention(Dim, Heads, (q, k, v) => Softmax.Plain(Rope.Apply(q), Rope.Apply(k), v, causal: true)),
        _ => throw Unknown(kind),
    };

    private static ArgumentException Unknown(char kind) => new($"kind: got '{kind}', needs one of {string.Join(", ", Kinds.AsEnumerable())}.", nameof(kind));
}
