using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>A differentiable function with its own backward pass, from which no exception escapes into libtorch.</summary>
/// <typeparam name="TSelf">The function itself.</typeparam>
public abstract class GuardedFunction<TSelf> : autograd.MultiTensorFunction<TSelf>
    where TSelf : GuardedFunction<TSelf>, new()
{
    /// <inheritdoc/>
    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            Tensor?[] given = [.. grad_outputs.Select(gradient => gradient is null || gradient.IsInvalid ? null : gradient)];
            return [.. Gradients(ctx, given).Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
        }
        catch (Exception failure)
        {
            BackwardFailures.Record(failure);
            return Nothing(ctx);
        }
    }

    /// <summary>The gradients of all arguments of <c>apply</c>, in order; null for those that are no tensors.</summary>
    /// <param name="context">What the forward pass saved: its differentiable inputs first.</param>
    /// <param name="outputGradients">The gradients of the outputs, in order; null for one that the loss has no part in.</param>
    protected abstract IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor?> outputGradients);

    /// <summary>How many of the first saved tensors are the inputs to differentiate by, and how many arguments follow that are no tensors.</summary>
    protected abstract (int Inputs, int Others) Arity { get; }

    /// <summary>
    /// Saves tensors for the backward pass, and has the gradients of outputs that a loss has no part in come as null: TorchSharp would
    /// keep tensors to make zeros of, in a dispose scope that may be gone by then, which ends the process.
    /// </summary>
    /// <param name="context">The context that <c>forward</c> was given.</param>
    /// <param name="tensors">The differentiable inputs first.</param>
    protected static void Save(autograd.AutogradContext context, List<Tensor> tensors)
    {
        context.set_materialize_grads(false);
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
