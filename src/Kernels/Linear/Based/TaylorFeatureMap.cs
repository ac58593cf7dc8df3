using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// BASED's feature map, the exponential's Taylor series to second order: φ(q)·φ(k) = 1 + s + s²/2 with s = q·k/√d, which is at least ½
/// (Arora et al. 2024, arXiv 2402.18668). Token by token, <c>[…,d]</c> to <c>[…,F]</c>, differentiable; the dtype stays.
/// </summary>
public static class TaylorFeatureMap
{
    /// <summary>φ(x) = [1, x/d^¼, vec(xxᵀ)/√(2d)]: the published form.</summary>
    /// <param name="x"><c>[…,d]</c>, a floating dtype.</param>
    /// <returns><c>[…,1+d+d²]</c>: 273 features of 16 channels.</returns>
    public static Tensor Full(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var products = (x.unsqueeze(-1) * x.unsqueeze(-2)).flatten(-2, -1) / Math.Sqrt(2.0 * x.size(-1));
        return Join(x, products).MoveToOuterDisposeScope();
    }

    /// <summary>The same kernel from each product of two channels once: diagonal ones by 1/√(2d), the others by 1/√d.</summary>
    /// <param name="x"><c>[…,d]</c>, a floating dtype.</param>
    /// <returns><c>[…,1+d+d(d+1)/2]</c>: 153 features of 16 channels.</returns>
    public static Tensor Symmetric(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var dim = x.size(-1);
        var pairs = triu_indices(dim, dim, device: x.device);
        var (row, column) = (pairs[0], pairs[1]);
        var weights = row.eq(column).to(x.dtype) * (1 / Math.Sqrt(2) - 1) + 1;
        var products = x.index_select(-1, row) * x.index_select(-1, column) * (weights / Math.Sqrt(dim));
        return Join(x, products).MoveToOuterDisposeScope();
    }

    /// <summary>The kernel 1 + s + s²/2, on scores of any shape.</summary>
    public static Tensor Kernel(Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        using var scope = NewDisposeScope();
        return (1 + scores + scores.square() / 2).MoveToOuterDisposeScope();
    }

    /// <summary>Attention with that kernel and no features, all pairs at once: the cheaper form where tokens are fewer than features.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place, counted from the ends.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>; zeros where a query sees no key.</returns>
    public static Tensor Pairwise(Tensor q, Tensor k, Tensor v, bool causal = false)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        var weights = Kernel((q.Widen() / Math.Sqrt(q.size(3))).matmul(k.Widen().transpose(-2, -1)));
        if (causal)
            weights = weights.tril(k.size(2) - q.size(2));
        var sums = weights.sum(-1, keepdim: true).clamp_min(LinearAttention.DefaultFloor);
        return (weights.matmul(v.Widen()) / sums).to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>1 + d + d².</summary>
    public static int FullWidth(int dim) => 1 + dim + dim * dim;

    /// <summary>1 + d + d(d+1)/2: the state's width that the paper counts.</summary>
    public static int SymmetricWidth(int dim) => 1 + dim + dim * (dim + 1) / 2;

    private static Tensor Join(Tensor x, Tensor products) => cat([ones_like(x.narrow(-1, 0, 1)), x / Math.Pow(x.size(-1), 0.25), products], -1);
}
