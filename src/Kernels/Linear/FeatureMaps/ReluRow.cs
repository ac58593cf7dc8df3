namespace Attn.Kernels;

/// <summary>The catalogue row of linear attention with ReLU features.</summary>
internal static class ReluRow
{
    public static AttentionMechanism Row { get; } = FeatureMapRow.Of(
        FeatureMap.Relu, "relu", "ReLU linear attention", "Cai et al. (EfficientViT), ICCV 2023, arXiv 2205.14756",
        "Linear attention whose features are the positive parts of queries and keys, the cheapest map there is.",
        @"\varphi(x)=\max(x,0)") with
    {
        CutsKeys = "A key whose positive channels share none with the query's has weight zero.",
    };
}
