using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Gated linear attention done wrongly: negative controls.</summary>
public static class GatedControls
{
    /// <summary>
    /// The parallel form by plain quotients, O = ((Q∘B)(K/B)ᵀ)V with B the product of the gates so far: equal in exact arithmetic, but K/B
    /// leaves the range of float32 once −log B passes 88.
    /// </summary>
    /// <inheritdoc cref="GatedLinear.Recurrent"/>
    public static Tensor Quotients(Tensor q, Tensor k, Tensor v, Tensor logGate)
    {
        using var scope = NewDisposeScope();
        var products = logGate.cumsum(2).exp();
        var scores = (q * products).matmul((k / products).transpose(-2, -1));
        // Hidden pairs are left out, not multiplied by 0: 0·∞ would spread to rows that are sound.
        var hidden = ones([q.size(2), q.size(2)], ScalarType.Bool, q.device).triu(1);
        return scores.masked_fill(hidden, 0).matmul(v).MoveToOuterDisposeScope();
    }
}
