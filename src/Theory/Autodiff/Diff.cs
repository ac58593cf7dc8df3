using static TorchSharp.torch;

namespace Attn.Theory;

/// <summary>Derivatives of functions of tensors, by torch.autograd, with the names that DiffSharp gave them.</summary>
/// <remarks>
/// f maps a tensor of any shape to a tensor of any shape; J_ij = ∂f_i/∂x_j and H_ij = ∂²f/∂x_i∂x_j count the elements of both row by row.
/// f is called once, with gradients enabled, at a copy of x, and must be differentiable by autograd. What f does not depend on has derivative
/// zero. Results are detached. <see cref="Jvp"/>, <see cref="Hessian"/> and <see cref="Hvp"/> differentiate twice: an operation whose backward
/// pass cannot be differentiated gives an <see cref="ArgumentException"/> that names f, never a silent zero.
/// For many points at once see <see cref="BatchDiff"/>.
/// </remarks>
public static class Diff
{
    /// <summary>The gradient ∇f(x) of a scalar function, by one backward pass.</summary>
    /// <param name="f">A function with a result of one element.</param>
    /// <param name="x">A point of any shape, real floating point.</param>
    /// <returns>The shape and dtype of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">A result of more than one element, or an x or a result that is not of floating point.</exception>
    public static Tensor Grad(Func<Tensor, Tensor> f, Tensor x)
    {
        using var scope = NewDisposeScope();
        var at = Evaluation.OfScalar(f, x);
        return at.Transposed(ones_like(at.Value)).detach().MoveToOuterDisposeScope();
    }

    /// <summary>The Jacobian J_ij = ∂f_i/∂x_j with results and points flattened, by one backward pass a result.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">A point of any shape, real floating point.</param>
    /// <returns><c>[elements of f(x), elements of x]</c>.</returns>
    /// <exception cref="ArgumentException">An x or a result that is not of floating point, or a result that is empty.</exception>
    public static Tensor Jacobian(Func<Tensor, Tensor> f, Tensor x)
    {
        using var scope = NewDisposeScope();
        var at = Evaluation.Of(f, x);
        var units = eye(at.Value.numel(), dtype: at.Value.dtype, device: at.Value.device);
        return stack([.. Enumerable.Range(0, (int)at.Value.numel()).Select(i => at.Transposed(units[i].reshape(at.Value.shape)).flatten())])
            .MoveToOuterDisposeScope();
    }

    /// <summary>The Hessian H_ij = ∂²f/∂x_i∂x_j of a scalar function with points flattened, by one backward pass an element of x.</summary>
    /// <param name="f">A function with a result of one element, twice differentiable by autograd.</param>
    /// <param name="x">A point of any shape, real floating point.</param>
    /// <returns><c>[elements of x, elements of x]</c>; symmetric up to rounding where the second derivatives are continuous.</returns>
    /// <exception cref="ArgumentException">As <see cref="Grad"/>, or an f with an operation that is differentiable only once.</exception>
    public static Tensor Hessian(Func<Tensor, Tensor> f, Tensor x)
    {
        using var scope = NewDisposeScope();
        var at = Evaluation.OfScalar(f, x);
        var units = eye(x.numel(), dtype: x.dtype, device: x.device);
        if (x.numel() == 0 || at.Differentiable(ones_like(at.Value, requires_grad: true)) is not { } gradient)
            return zeros_like(units).MoveToOuterDisposeScope();
        return stack([.. Enumerable.Range(0, (int)x.numel()).Select(i => Row(units[i]))]).MoveToOuterDisposeScope();

        Tensor Row(Tensor unit) => (Evaluation.Again(gradient, at.Point, unit.reshape(x.shape)) ?? zeros_like(at.Point)).flatten();
    }

    /// <summary>
    /// The directional derivative J·v = ∂f(x + εv)/∂ε at ε = 0: how all results move with x along v (a Jacobian-vector product, what forward
    /// mode computes). There is no forward mode here: Jᵀw is linear in w, and the derivative of ⟨Jᵀw, v⟩ by w is J·v, at the price of two
    /// backward passes whatever the number of results.
    /// </summary>
    /// <param name="f">A function whose backward pass autograd can differentiate.</param>
    /// <param name="x">A point of any shape, real floating point.</param>
    /// <param name="v">The direction, of the shape and dtype of <paramref name="x"/>.</param>
    /// <returns>The shape of f(x).</returns>
    /// <exception cref="ArgumentException">As <see cref="Jacobian"/>; a v that does not fit x; or an operation that is differentiable only once.</exception>
    public static Tensor Jvp(Func<Tensor, Tensor> f, Tensor x, Tensor v)
    {
        using var scope = NewDisposeScope();
        var at = Evaluation.Of(f, x);
        v = Evaluation.Direction(v, nameof(v), at.Point, "x");
        // The result does not depend on w; these weights have no symmetry by which a part of Jᵀw, which is checked, would vanish.
        var w = arange(1, at.Value.numel() + 1, ScalarType.Float64, at.Value.device).cos().to(at.Value.dtype).reshape(at.Value.shape).requires_grad_(true);
        var product = at.Differentiable(w) is { } gradient ? Evaluation.Again(gradient, w, v) : null;
        return (product ?? zeros_like(at.Value)).detach().MoveToOuterDisposeScope();
    }

    /// <summary>The product Jᵀ·w = ∇⟨f(x), w⟩ (a vector-Jacobian product, what reverse mode computes), by one backward pass.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">A point of any shape, real floating point.</param>
    /// <param name="w">The weights of the results, of the shape and dtype of f(x).</param>
    /// <returns>The shape and dtype of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Jacobian"/>, or a w that does not fit f(x).</exception>
    public static Tensor Vjp(Func<Tensor, Tensor> f, Tensor x, Tensor w)
    {
        using var scope = NewDisposeScope();
        var at = Evaluation.Of(f, x);
        return at.Transposed(Evaluation.Direction(w, nameof(w), at.Value, "f(x)")).detach().MoveToOuterDisposeScope();
    }

    /// <summary>The product H·v of a scalar function's Hessian: how the gradient moves along v, by two backward passes and without H.</summary>
    /// <param name="f">A function with a result of one element, twice differentiable by autograd.</param>
    /// <param name="x">A point of any shape, real floating point.</param>
    /// <param name="v">The direction, of the shape and dtype of <paramref name="x"/>.</param>
    /// <returns>The shape and dtype of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">As <see cref="Hessian"/>, or a v that does not fit x.</exception>
    public static Tensor Hvp(Func<Tensor, Tensor> f, Tensor x, Tensor v)
    {
        using var scope = NewDisposeScope();
        var at = Evaluation.OfScalar(f, x);
        v = Evaluation.Direction(v, nameof(v), at.Point, "x");
        var product = at.Differentiable(ones_like(at.Value, requires_grad: true)) is { } gradient ? Evaluation.Again(gradient, at.Point, v) : null;
        return (product ?? zeros_like(at.Point)).detach().MoveToOuterDisposeScope();
    }
}
