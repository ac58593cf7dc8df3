using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>A feature map of linear attention: φ(q)·φ(k) stands for the weight that a query gives a key.</summary>
/// <param name="Queries">φ of the queries, <c>[B,H,T,D]</c> → <c>[B,H,T,F]</c>, token by token, nonnegative, differentiable.</param>
/// <param name="Keys">φ of the keys, likewise.</param>
/// <param name="Width">F from D.</param>
public sealed record FeatureMap(Func<Tensor, Tensor> Queries, Func<Tensor, Tensor> Keys, Func<int, int> Width)
{
    /// <summary>elu(x) + 1 (Katharopoulos et al. 2020).</summary>
    public static FeatureMap EluPlusOne { get; } = Same(LinearAttention.EluPlusOne);

    /// <summary>max(x, 0).</summary>
    public static FeatureMap Relu { get; } = Same(x => nn.functional.relu(x));

    /// <summary>One map for queries and keys.</summary>
    /// <param name="map">φ.</param>
    /// <param name="width">F from D; D when null.</param>
    public static FeatureMap Same(Func<Tensor, Tensor> map, Func<int, int>? width = null) => new(map, map, width ?? (dim => dim));
}
