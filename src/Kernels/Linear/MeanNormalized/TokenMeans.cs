using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// What normalised noncausal linear attention knows of all its tokens: weighted means, which stay of one size however many tokens there are.
/// </summary>
/// <param name="Products">Σ_j p_j f_jᵀv_j, <c>[B,H,F,Dv]</c>.</param>
/// <param name="Features">Σ_j p_j f_j as a column, <c>[B,H,F,1]</c>.</param>
internal readonly record struct TokenMeans(Tensor Products, Tensor Features)
{
    /// <summary>The means, each token as heavy as <paramref name="shares"/> says.</summary>
    /// <param name="features">f, for the denominator, <c>[B,H,T,F]</c>.</param>
    /// <param name="turned">f as the numerator has them, turned by positions or the same, <c>[B,H,T,F]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="shares">p <c>[B,H,T,1]</c>, each head's sum 1.</param>
    public static TokenMeans Of(Tensor features, Tensor turned, Tensor v, Tensor shares) =>
        new((turned * shares).transpose(-2, -1).matmul(v), (features * shares).sum(2).unsqueeze(-1));

    /// <summary>Each token as heavy as the others, the products summed <paramref name="chunk"/> tokens at a time.</summary>
    /// <param name="features">f <c>[B,H,T,F]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="chunk">Tokens a product.</param>
    public static TokenMeans Even(Tensor features, Tensor v, long chunk)
    {
        var products = features.split(chunk, 2).Zip(v.split(chunk, 2), (f, values) => f.transpose(-2, -1).matmul(values)).Aggregate((a, b) => a + b);
        return new(products / v.size(2), features.mean([2], keepdim: true).transpose(-2, -1));
    }

    /// <summary>What queries read: f_i·Products / max(f_i·Features, floor).</summary>
    /// <param name="features">f of the queries for the denominator, <c>[B,H,T,F]</c>.</param>
    /// <param name="turned">f as the numerator has them.</param>
    /// <param name="floor">The least denominator, a mean of products and so of one size whatever T.</param>
    /// <returns><c>[B,H,T,Dv]</c>.</returns>
    public Tensor Read(Tensor features, Tensor turned, double floor) => turned.matmul(Products) / features.matmul(Features).clamp_min(floor);
}
