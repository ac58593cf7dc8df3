namespace Attn.Kernels;

/// <summary>The catalogue row of linear attention.</summary>
internal static class LinearRow
{
    public static AttentionMechanism Row { get; } = FeatureMapRow.Of(
        FeatureMap.EluPlusOne, "linear", "Linear attention", "Katharopoulos et al., ICML 2020, arXiv 2006.16236",
        "A positive feature map in place of the exponential lets a fixed-size state stand in for all keys and values seen so far.",
        @"\varphi(x)=\mathrm{elu}(x)+1");
}
