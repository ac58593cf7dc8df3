namespace Attn.Kernels;

/// <summary>The catalogue row of Performer.</summary>
internal static class PerformerRow
{
    public static AttentionMechanism Row { get; } = FeatureMapRow.Of(
        PositiveFeatures.Map(), "performer", "Performer (FAVOR+)", "Choromanski et al., ICLR 2021, arXiv 2009.14794",
        "Positive orthogonal random features whose products estimate the exponential of softmax attention, in linear time.",
        @"\varphi(x)=\tfrac{1}{\sqrt m}\,e^{\Omega x/D^{1/4}-|x|^2/(2\sqrt D)},\quad m=\lceil D\ln D\rceil");
}
