namespace Attn.Kernels;

/// <summary>The catalogue row of Hedgehog, untrained: the paper's activation with W = 1.</summary>
internal static class HedgehogRow
{
    public static AttentionMechanism Row { get; } = FeatureMapRow.Of(
        HedgehogFeatures.Map(HedgehogVariant.Exp),
        "hedgehog", "Hedgehog", "Zhang et al., ICLR 2024, arXiv 2402.04347",
        "Linear attention whose features, exponentials of a learned map and of its negative, are trained to give softmax's weights.",
        @"\varphi(x)=\left[e^{xW+b}\ \|\ e^{-(xW+b)}\right],\quad W=1,\ b=0\ \text{at first}") with
    {
        Paper = "21-hedgehog",
        Layer = (dim, heads, causal) => new HedgehogLayer(dim, heads, causal),
    };
}
