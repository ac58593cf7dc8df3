using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Hedgehog's layer, <c>[B,T,d]</c> to <c>[B,T,d]</c>: projections, a learned feature map for each head, linear attention, heads joined and
/// projected out. Scores are not scaled: W can do it.
/// </summary>
public sealed class HedgehogLayer : nn.Module<Tensor, Tensor>
{
    private readonly LearnedFeatureMap _map;
    private readonly ProjectedAttention _attention;

    /// <summary>A layer with fresh projections and feature maps that begin with W = 1, b = 0.</summary>
    /// <param name="dim">d, channels; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">H.</param>
    /// <param name="causal">Whether a token sees only what came before it.</param>
    /// <param name="variant">The activation.</param>
    /// <exception cref="ArgumentException">A size below 1, or channels that heads do not divide.</exception>
    public HedgehogLayer(int dim, int heads, bool causal = true, HedgehogVariant variant = HedgehogVariant.Exp)
        : base(nameof(HedgehogLayer))
    {
        Arguments.Positive(heads, nameof(heads));
        var map = new LearnedFeatureMap(HedgehogFeatures.Map(variant), heads, Math.Max(1, dim / heads));
        _map = map;
        _attention = new(dim, heads, (q, k, v) => LinearAttention.Chunked(q, k, v, causal, featureMap: map.Queries, keyMap: map.Keys).Output);
        RegisterComponents();
    }

    /// <summary>What the layer learns besides its projections, and what distillation trains alone.</summary>
    public LearnedFeatureMap FeatureMap => _map;

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => _attention.call(x);
}
