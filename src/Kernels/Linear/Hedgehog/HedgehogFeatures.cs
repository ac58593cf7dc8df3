using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Hedgehog's activation: a positive and a negative half, so that products of features grow with products of what they are made from
/// (Zhang et al. 2024, arXiv 2402.04347). What is learned stands before it, see <see cref="LearnedFeatureMap"/>.
/// </summary>
public static class HedgehogFeatures
{
    // Within it sums of products of features and values stay in float32; exponents of trained keys are far smaller.
    private const double LargestExponent = 30;
    private const double LeastShare = 1e-12; // The published code's.

    /// <summary>The activation as a feature map of width 2D, without anything learned (W = 1, b = 0).</summary>
    /// <remarks>
    /// Exponents of queries are brought down by a query's largest, which the division takes out again. Keys may not be: it would weigh them
    /// anew. Theirs are cut at ±30.
    /// </remarks>
    public static FeatureMap Map(HedgehogVariant variant) => variant switch
    {
        HedgehogVariant.Exp => new(QueryExponentials, KeyExponentials, Width),
        HedgehogVariant.SoftmaxHalves => FeatureMap.Same(Halves, Width),
        HedgehogVariant.SoftmaxJoint => FeatureMap.Same(Joint, Width),
        _ => throw new ArgumentException($"variant: got {variant}, needs one of {string.Join(", ", Enum.GetNames<HedgehogVariant>())}.", nameof(variant)),
    };

    private static int Width(int dim) => 2 * dim;

    private static Tensor QueryExponentials(Tensor y)
    {
        using var scope = NewDisposeScope();
        var largest = y.detach().abs().amax([-1], keepdim: true);
        return cat([(y - largest).exp(), (-y - largest).exp()], -1).MoveToOuterDisposeScope();
    }

    private static Tensor KeyExponentials(Tensor y)
    {
        using var scope = NewDisposeScope();
        var exponents = y.clamp(-LargestExponent, LargestExponent);
        return cat([exponents.exp(), (-exponents).exp()], -1).MoveToOuterDisposeScope();
    }

    private static Tensor Halves(Tensor y)
    {
        using var scope = NewDisposeScope();
        return cat([y.softmax(-1), (-y).softmax(-1)], -1).clamp_min(LeastShare).MoveToOuterDisposeScope();
    }

    private static Tensor Joint(Tensor y)
    {
        using var scope = NewDisposeScope();
        return cat([2 * y, -2 * y], -1).softmax(-1).MoveToOuterDisposeScope();
    }
}
