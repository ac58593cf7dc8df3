using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The catalogue row of BASED's Taylor linear attention.</summary>
internal static class BasedRow
{
    public static AttentionMechanism Row { get; } = FeatureMapRow.Of(
        FeatureMap.Same(TaylorFeatureMap.Symmetric, TaylorFeatureMap.SymmetricWidth),
        "based", "BASED (Taylor linear attention)", "Arora et al., ICML 2024, arXiv 2402.18668",
        "Linear attention with the exponential's Taylor series to second order as its kernel, so that recall is dialled by the state's size.",
        @"\varphi(x)=\left[1,\ \tfrac{x}{D^{1/4}},\ \tfrac{\mathrm{vec}(xx^\top)}{\sqrt{2D}}\right]") with
    {
        Paper = "18-based",
        Reference = new("reference", BasedReference.Run, AttentionPatterns.All),
        State = new("initialState", "[B,H,1+D+D(D+1)/2,Dv+1]: Σφ(k)vᵀ, with Σφ(k) as its last column", SampleState),
        Layer = (dim, heads, causal) => new BasedLayer(dim, heads, causal: causal),
    };

    /// <summary>What three tokens leave: features of both signs, whose product with any query's is positive all the same.</summary>
    private static Tensor SampleState(AttentionShape shape, Generator generator, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor Tokens(long width) => randn([shape.Batch, shape.Heads, 3, width], ScalarType.Float64, generator: generator);
        var (k, v) = (Tokens(shape.KeyDim), Tokens(shape.ValueDim));
        return LinearAttention.Parallel(k, k, v, featureMap: TaylorFeatureMap.Symmetric).State!.to(dtype).MoveToOuterDisposeScope();
    }
}
