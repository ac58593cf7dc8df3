using static TorchSharp.torch;

namespace Attn.Theory;

/// <summary>The derivatives of <see cref="Diff"/> at many points at once: x holds one point a row of its first dimension, f(x) one result a row.</summary>
/// <remarks>
/// Row i of f(x) must depend on row i of x alone, which is not checked: what a row takes from others would be added to their derivatives. The
/// passes are as many as for one point. <see cref="Diff.Jvp"/> and <see cref="Diff.Vjp"/> serve batches as they are.
/// </remarks>
public static class BatchDiff
{
    /// <summary>∇f at each point, by one backward pass.</summary>
    /// <param name="f">Maps <c>[N,…]</c> to <c>[N]</c>, or to N rows of one element.</param>
    /// <param name="x"><c>[N,…]</c>, real floating point.</param>
    /// <returns><c>[N,…]</c>, as <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">An x or a result that is not of floating point, or a result that is not one element a row.</exception>
    public static Tensor Grad(Func<Tensor, Tensor> f, Tensor x)
    {
        using var scope = NewDisposeScope();
        var at = Scalars(f, x);
        return at.Transposed(ones_like(at.Value)).detach().MoveToOuterDisposeScope();
    }

    /// <summary>The Jacobian at each point, by one backward pass a result of a row.</summary>
    /// <param name="f">Maps <c>[N,…]</c> to <c>[N,…]</c>.</param>
    /// <param name="x"><c>[N,…]</c>, real floating point.</param>
    /// <returns><c>[N, elements of a row of f(x), elements of a row of x]</c>.</returns>
    /// <exception cref="ArgumentException">An x or a result that is not of floating point, or a result without N rows.</exception>
    public static Tensor Jacobian(Func<Tensor, Tensor> f, Tensor x)
    {
        using var scope = NewDisposeScope();
        var at = Evaluation.OfRows(f, x);
        return stack([.. Units(at.Value).Select(unit => at.Transposed(unit).reshape(x.size(0), -1))], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The Hessian at each point, by one backward pass an element of a row of x.</summary>
    /// <param name="f">Maps <c>[N,…]</c> to <c>[N]</c>, or to N rows of one element; twice differentiable by autograd.</param>
    /// <param name="x"><c>[N,…]</c>, real floating point.</param>
    /// <returns><c>[N, elements of a row of x, elements of a row of x]</c>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Grad"/>, or an f with an operation that is differentiable only once.</exception>
    public static Tensor Hessian(Func<Tensor, Tensor> f, Tensor x)
    {
        using var scope = NewDisposeScope();
        var at = Scalars(f, x);
        var gradient = at.Differentiable(ones_like(at.Value, requires_grad: true));
        return stack([.. Units(at.Point).Select(unit => Row(unit).reshape(x.size(0), -1))], 1).MoveToOuterDisposeScope();

        Tensor Row(Tensor unit) => (gradient is null ? null : Evaluation.Again(gradient, at.Point, unit)) ?? zeros_like(at.Point);
    }

    private static Evaluation Scalars(Func<Tensor, Tensor> f, Tensor x)
    {
        var at = Evaluation.OfRows(f, x);
        if (at.Value.numel() != at.Value.size(0))
            throw new ArgumentException($"f: got a result of {at.Value.numel() / at.Value.size(0)} elements a row, needs one.", nameof(f));
        return at;
    }

    // Tensors like the given one that are 1 at one element of every row, else 0, element by element.
    private static IEnumerable<Tensor> Units(Tensor like)
    {
        var elements = like.numel() / like.size(0);
        var units = eye(elements, dtype: like.dtype, device: like.device);
        for (var i = 0; i < elements; i++)
            yield return units[i].expand(like.size(0), elements).reshape(like.shape);
    }
}
