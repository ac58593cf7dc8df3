using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Softmax taken apart: weights φ(S)/‖φ(S)‖₁, row by row, of which softmax is the case φ = exp (Gao and Spratling 2025, arXiv 2501.13428).
/// </summary>
public static class L1Weights
{
    /// <summary>The weights of given scores; a row without a positive φ gives zeros. Differentiable.</summary>
    /// <param name="scores">S, <c>[…,Tq,Tk]</c>, finite.</param>
    /// <param name="activation">φ. An exponential is taken of the scores less their row's largest, which the norm cancels.</param>
    /// <param name="visible">Boolean, broadcastable to the scores, true where a query may see a key; null where it sees all.</param>
    /// <returns><c>[…,Tq,Tk]</c> in the dtype of <paramref name="scores"/>.</returns>
    public static Tensor Of(Tensor scores, L1Activation activation, Tensor? visible = null)
    {
        using var scope = NewDisposeScope();
        var positive = activation switch
        {
            L1Activation.Exp => (scores - Largest(scores, visible)).exp(),
            L1Activation.Softplus => Softplus(scores),
            L1Activation.Sigmoid => scores.sigmoid(),
            _ => scores.relu(),
        };
        if (visible is not null)
            positive = positive.masked_fill(~visible, 0);
        var norm = positive.sum(-1, keepdim: true);
        return (positive / norm.masked_fill(norm == 0, 1)).MoveToOuterDisposeScope();
    }

    // PyTorch's own becomes the identity beyond 20, which is off by 2e-9 there.
    private static Tensor Softplus(Tensor scores) => scores.logaddexp(zeros_like(scores));

    private static Tensor Largest(Tensor scores, Tensor? visible)
    {
        var seen = visible is null ? scores : scores.masked_fill(~visible, double.NegativeInfinity);
        var largest = seen.detach().amax([-1], keepdim: true);
        return largest.masked_fill(largest == double.NegativeInfinity, 0);
    }
}
