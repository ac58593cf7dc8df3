using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// How fast sigmoid attention can change with its input (theorem 3.2): for the map X ↦ (1/n Σ_j σ(x_iᵀWx_j) W_v x_j)_i the Lipschitz
/// constant is at most ‖W_v‖(sup σ + 2‖W‖ sup σ′ · 1/n Σ‖x_j‖²), which grows by the square of the tokens' norms.
/// </summary>
public static class SigmoidRegularity
{
    /// <summary>The map itself.</summary>
    /// <param name="x">Tokens, <c>[n,d]</c>.</param>
    /// <param name="w">W, the product of key and query projections, <c>[d,d]</c>.</param>
    /// <param name="wv">W_v, <c>[d,d]</c>.</param>
    /// <returns><c>[n,d]</c>.</returns>
    public static Tensor Map(Tensor x, Tensor w, Tensor wv)
    {
        using var scope = NewDisposeScope();
        return (x.matmul(w).matmul(x.t()).sigmoid().matmul(x.matmul(wv.t())) / x.size(0)).MoveToOuterDisposeScope();
    }

    /// <summary>The bound at these tokens: the suprema are taken over the pairs that there are.</summary>
    /// <inheritdoc cref="Map" path="/param"/>
    public static double LipschitzBound(Tensor x, Tensor w, Tensor wv)
    {
        using var scope = NewDisposeScope();
        var share = x.matmul(w).matmul(x.t()).sigmoid();
        var slope = (share * (1 - share)).max().item<double>();
        double Norm(Tensor matrix) => linalg.svdvals(matrix)[0].item<double>();
        return Norm(wv) * (share.max().item<double>() + 2 * Norm(w) * slope * x.square().sum(1).mean().item<double>());
    }
}
