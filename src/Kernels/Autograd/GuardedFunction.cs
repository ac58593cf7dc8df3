using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>A differentiable function with its own backward pass, from which no exception escapes into libtorch.</summary>
/// <typeparam name="TSelf">The function itself.</typeparam>
public abstract class GuardedFunction<TSelf> : autograd.MultiTensorFunction<TSelf>
    where TSelf : GuardedFunction<TSelf>, new()
{
    private const string Outputs = "outputs";

    /// <summary>Calls the function; of the tensors made on the way only the results are left in the caller's dispose scope.</summary>
    /// <param name="arguments">The arguments of <see cref="Results"/>.</param>
    public static IReadOnlyList<Tensor> Call(params object[] arguments)
    {
        using var scope = NewDisposeScope();
        return [.. apply(arguments).Select(result => result.MoveToOuterDisposeScope())];
    }

    /// <inheritdoc/>
    public sealed override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var results = Results(ctx, vars);
        // TorchSharp would make the gradients of unused outputs from tensors that the caller's dispose scope has freed by then, and abort.
        ctx.set_materialize_grads(false);
        ctx.save_data(Outputs, results.Select(result => (result.shape, result.dtype, result.device)).ToArray());
        return [.. results];
    }

    /// <inheritdoc/>
    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var outputs = ((long[] Shape, ScalarType Dtype, Device Device)[])ctx.get_data(Outputs);
            var gradients = grad_outputs.Zip(outputs, (given, of) =>
                given is { IsInvalid: false } ? given : TakesMissingGradients ? null! : zeros(of.Shape, of.Dtype, of.Device));
            return [.. Gradients(ctx, [.. gradients]).Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
        }
        catch (Exception failure)
        {
            BackwardFailures.Record(failure);
            return Nothing(ctx);
        }
    }

    /// <summary>The forward pass.</summary>
    /// <param name="context">Where to save what the backward pass needs: the differentiable inputs first.</param>
    /// <param name="arguments">The arguments of <see cref="Call"/>.</param>
    protected abstract IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments);

    /// <summary>The gradients of all arguments of <see cref="Call"/>, in order; null for those that are no tensors.</summary>
    /// <param name="context">What the forward pass saved: its differentiable inputs first.</param>
    /// <param name="outputGradients">
    /// The gradients of the outputs, in order; where the loss does not depend on one, zeros, or null with <see cref="TakesMissingGradients"/>.
    /// </param>
    protected abstract IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients);

    /// <summary>Whether the backward pass has less to do where an output's gradient is missing.</summary>
    protected virtual bool TakesMissingGradients => false;

    /// <summary>How many of the first saved tensors are the inputs to differentiate by, and how many arguments follow that are no tensors.</summary>
    protected abstract (int Inputs, int Others) Arity { get; }

    /// <summary>Saves tensors for the backward pass, and counts them for <see cref="SavedElements"/>.</summary>
    /// <param name="context">The context that <see cref="Results"/> was given.</param>
    /// <param name="tensors">The differentiable inputs first.</param>
    protected static void Save(autograd.AutogradContext context, List<Tensor> tensors)
    {
        SavedElements.Add(tensors);
        context.save_for_backward(tensors);
    }

    private List<Tensor> Nothing(autograd.AutogradContext context)
    {
        var (inputs, others) = Arity;
        var saved = context.get_saved_variables();
        return [.. saved.Take(inputs).Select(input => full_like(input, double.NaN)), .. Enumerable.Repeat<Tensor>(null!, others)];
    }
}
