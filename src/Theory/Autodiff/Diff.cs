using static TorchSharp.torch;

namespace Attn.Theory;

/// <summary>Derivatives of functions of tensors, by torch.autograd, with the names that DiffSharp gave them.</summary>
/// <remarks>The functions must be differentiable by autograd and are called with gradients enabled; results are detached.</remarks>
public static class Diff
{
    /// <summary>∇f(x) of a scalar function.</summary>
    /// <param name="f">A function with a result of one element.</param>
    /// <param name="x">A point of any shape, real floating point.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">A result of more than one element, or an x that is not of floating point.</exception>
    public static Tensor Grad(Func<Tensor, Tensor> f, Tensor x)
    {
        using var scope = NewDisposeScope();
        var (leaf, value) = Call(f, x);
        if (value.numel() != 1)
            throw new ArgumentException($"f: got a result of {value.numel()} elements, needs one.", nameof(f));
        return Backward(value.sum(), leaf, keep: false).MoveToOuterDisposeScope();
    }

    /// <summary>The Jacobian J_ij = ∂f_i/∂x_j with results and points flattened, by one backward pass a result.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">A point of any shape, real floating point.</param>
    /// <returns><c>[elements of f(x), elements of x]</c>.</returns>
    /// <exception cref="ArgumentException">An x that is not of floating point.</exception>
    public static Tensor Jacobian(Func<Tensor, Tensor> f, Tensor x)
    {
        using var scope = NewDisposeScope();
        var (leaf, value) = Call(f, x);
        var flat = value.flatten();
        return stack([.. Enumerable.Range(0, (int)flat.numel()).Select(i => Backward(flat[i], leaf, keep: true).flatten())]).MoveToOuterDisposeScope();
    }

    private static (Tensor Leaf, Tensor Value) Call(Func<Tensor, Tensor> f, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(f);
        if (!x.is_floating_point())
            throw new ArgumentException($"x: got {x.dtype}, needs floating point.", nameof(x));
        using var on = enable_grad();
        var leaf = x.detach().clone().requires_grad_(true);
        return (leaf, f(leaf));
    }

    // What the result does not depend on has derivative zero.
    private static Tensor Backward(Tensor value, Tensor leaf, bool keep) => value.requires_grad
        ? autograd.grad([value], [leaf], retain_graph: keep, allow_unused: true)[0] is { } gradient && !gradient.IsInvalid ? gradient : zeros_like(leaf)
        : zeros_like(leaf);
}
