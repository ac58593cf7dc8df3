using System.Runtime.InteropServices;
using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory;

/// <summary>One call of a function, recorded so that derivatives can be taken from it.</summary>
internal sealed class Evaluation
{
    private const string OnceOnly = "can be differentiated only once";

    private Evaluation(Tensor point, Tensor value) => (Point, Value) = (point, value);

    /// <summary>The point, a leaf of the graph.</summary>
    public Tensor Point { get; }

    /// <summary>f at the point.</summary>
    public Tensor Value { get; }

    /// <summary>Calls f at a copy of x, with gradients enabled.</summary>
    /// <exception cref="ArgumentException">An x that is not of floating point, or a result that is not or that is empty.</exception>
    public static Evaluation Of(Func<Tensor, Tensor> f, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        if (!x.is_floating_point())
            throw new ArgumentException($"x: got {x.dtype}, needs floating point.", nameof(x));
        using var on = enable_grad();
        var leaf = x.detach().clone().requires_grad_(true);
        var value = f(leaf);
        if (value.numel() == 0)
            throw new ArgumentException($"f: got an empty result {Text(value.shape)}, needs at least one element.", nameof(f));
        if (!value.is_floating_point())
            throw new ArgumentException($"f: got a result of {value.dtype}, needs floating point.", nameof(f));
        return new(leaf, value);
    }

    /// <summary>The same, for an f with a result of one element.</summary>
    /// <exception cref="ArgumentException">As <see cref="Of"/>, or a result of more than one element.</exception>
    public static Evaluation OfScalar(Func<Tensor, Tensor> f, Tensor x)
    {
        var evaluation = Of(f, x);
        if (evaluation.Value.numel() != 1)
            throw new ArgumentException($"f: got a result of {evaluation.Value.numel()} elements, needs one.", nameof(f));
        return evaluation;
    }

    /// <summary>The same, for an f that treats the rows of its first dimension one by one.</summary>
    /// <exception cref="ArgumentException">As <see cref="Of"/>, or a result without a row for each row of x.</exception>
    public static Evaluation OfRows(Func<Tensor, Tensor> f, Tensor x)
    {
        var evaluation = Of(f, x);
        var (rows, value) = (evaluation.Point.shape, evaluation.Value.shape);
        if (rows.Length == 0)
            throw new ArgumentException("x: got a scalar, needs a first dimension of rows.", nameof(x));
        if (value.Length == 0 || value[0] != rows[0])
            throw new ArgumentException($"f: got a result of {Text(value)}, needs {rows[0]} rows as x has.", nameof(f));
        return evaluation;
    }

    /// <summary>Checks that a direction fits what it is multiplied with.</summary>
    /// <exception cref="ArgumentException">Another shape or dtype.</exception>
    public static Tensor Direction(Tensor direction, string name, Tensor like, string of)
    {
        ArgumentNullException.ThrowIfNull(direction, name);
        if (!direction.shape.SequenceEqual(like.shape))
            throw new ArgumentException($"{name}: got {Text(direction.shape)}, needs {Text(like.shape)} as {of} has.", name);
        if (direction.dtype != like.dtype)
            throw new ArgumentException($"{name}: got {direction.dtype}, needs {like.dtype} as {of} has.", name);
        return direction.detach();
    }

    /// <summary>Jᵀw at the point, zeros where f does not depend on it; the graph is kept for further calls.</summary>
    /// <exception cref="ArgumentException">An f with an operation that has no derivative.</exception>
    public Tensor Transposed(Tensor w) => Pass(Value, Point, w, "cannot be differentiated") ?? zeros_like(Point);

    /// <summary>Jᵀw as a function of the point and of w, for a second pass; null where f does not depend on the point.</summary>
    /// <param name="w">A leaf.</param>
    /// <exception cref="ArgumentException">An f with an operation that is differentiable only once, or not at all.</exception>
    public Tensor? Differentiable(Tensor w)
    {
        Transposed(w.detach()).Dispose(); // What fails, fails here: an exception in the pass below would end the process.
        if (!Value.requires_grad)
            return null;
        var gradient = autograd.grad([Value], [Point], [w], retain_graph: true, create_graph: true, allow_unused: true)[0];
        BackwardFailures.ThrowIfAny();
        if (gradient is null || gradient.IsInvalid)
            return null;
        // Jᵀw is linear in w, so ⟨∂⟨Jᵀw, c⟩/∂w, w⟩ = ⟨Jᵀw, c⟩ for any c. A backward pass that leaves the graph, as those written without
        // one do, would drop its share silently: the second derivative would be wrong, not missing.
        using var scope = NewDisposeScope();
        var c = gradient.detach();
        var back = Again(gradient, w, c);
        var (terms, whole) = (back is null ? zeros_like(c) : back * w.detach(), c.square());
        var gap = (terms.sum() - whole.sum()).abs().to(ScalarType.Float64).item<double>();
        var size = (terms.abs().sum() + whole.sum()).to(ScalarType.Float64).item<double>();
        if (!gradient.requires_grad || gap > Tolerance(w.dtype) * size)
            throw Lacking(OnceOnly, "a backward pass that is not on the graph", null);
        return gradient;
    }

    /// <summary>The derivative by a leaf, <paramref name="input"/>, of ⟨<paramref name="gradient"/>, <paramref name="c"/>⟩; null where there is none.</summary>
    /// <exception cref="ArgumentException">An f with an operation that is differentiable only once.</exception>
    public static Tensor? Again(Tensor gradient, Tensor input, Tensor c) => Pass(gradient, input, c, OnceOnly);

    // Not by autograd.grad, through which libtorch's exceptions end the process. This accumulates, but into the one leaf alone.
    private static Tensor? Pass(Tensor output, Tensor input, Tensor weights, string lacking)
    {
        if (!output.requires_grad)
            return null;
        try
        {
            autograd.backward([output], [weights], retain_graph: true, inputs: [input]);
        }
        catch (ExternalException failure) when (failure.Message.Contains("not implemented", StringComparison.Ordinal))
        {
            throw Lacking(lacking, failure.Message.Split('\n')[0].TrimEnd('.'), failure);
        }

        BackwardFailures.ThrowIfAny();
        var result = input.grad;
        input.grad = null;
        return result is null || result.IsInvalid ? null : result;
    }

    private static ArgumentException Lacking(string lacking, string what, Exception? inner) =>
        new($"f: got an operation that {lacking} ({what}), needs operations with as many derivatives as are asked for.", "f", inner);

    private static double Tolerance(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => 1e-8,
        ScalarType.Float32 => 1e-3,
        _ => 0.05,
    };

    private static string Text(long[] shape) => $"[{string.Join(",", shape)}]";
}
