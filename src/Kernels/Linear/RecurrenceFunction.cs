using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// A recurrence of matrix states on the GPU as one differentiable function, which keeps its inputs. Arguments: q, k, v, the logarithm of what a state
/// keeps, the state to start from, or an empty vector for none, and the scale.
/// </summary>
/// <typeparam name="TSelf">The function itself.</typeparam>
internal abstract class RecurrenceFunction<TSelf> : GuardedFunction<TSelf>
    where TSelf : RecurrenceFunction<TSelf>, new()
{
    private const string Scale = "scale";

    private static readonly TSelf Passes = new();

    public sealed override string Name => typeof(TSelf).Name;

    protected sealed override (int Inputs, int Others) Arity => (5, 1);

    protected sealed override bool TakesMissingGradients => true;

    /// <summary>The forward pass.</summary>
    /// <returns>The output <c>[B,H,T,Dv]</c> and the final state <c>[B,H,D,Dv]</c>, float32.</returns>
    protected abstract (Tensor Output, Tensor State) Forward(Tensor q, Tensor k, Tensor v, Tensor log, Tensor? start, double scale);

    /// <summary>The gradients by the arguments of <see cref="Forward"/>, those that it has; the last one where there is a start.</summary>
    /// <param name="q">The forward pass's.</param>
    /// <param name="k">The forward pass's.</param>
    /// <param name="v">The forward pass's.</param>
    /// <param name="log">The forward pass's.</param>
    /// <param name="start">The forward pass's.</param>
    /// <param name="scale">The forward pass's.</param>
    /// <param name="outputGradient">In the dtype of <paramref name="q"/>.</param>
    /// <param name="stateGradient">The final state's; null for zeros.</param>
    protected abstract (Tensor Q, Tensor K, Tensor V, Tensor? Log, Tensor? Start) Backward(
        Tensor q, Tensor k, Tensor v, Tensor log, Tensor? start, double scale, Tensor outputGradient, Tensor? stateGradient);

    /// <summary>Attention by the kernels for a call that they serve; null where they cannot run.</summary>
    protected static AttentionOutput? TryRun(Tensor q, Tensor k, Tensor v, Tensor log, Tensor? initialState, double scale)
    {
        var start = initialState is null ? null : DecayOperands.InitialState(initialState, q, q.size(3), v.size(3));
        var factor = Arguments.Scale(scale, 1);
        return CudaKernels.TryRun(() =>
        {
            // Autograd costs more time than the kernels at a few hundred tokens: it is asked where it is needed.
            Tensor?[] inputs = [q, k, v, log, start];
            if (!is_grad_enabled() || !inputs.Any(input => input?.requires_grad == true))
            {
                var (output, final) = Passes.Forward(q, k, v, log, start, factor);
                return new AttentionOutput(output, final);
            }
            var results = Call(q, k, v, log, start ?? empty(0, device: q.device), factor);
            return new AttentionOutput(results[0], results[1]);
        });
    }

    protected sealed override IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments)
    {
        Tensor[] x = [.. arguments.Take(5).Cast<Tensor>()];
        Save(context, [.. x]);
        context.save_data(Scale, arguments[5]);
        using var off = no_grad();
        var (output, state) = Forward(x[0], x[1], x[2], x[3], Given(x[4]), (double)arguments[5]);
        return [output, state];
    }

    protected sealed override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients)
    {
        var saved = context.get_saved_variables();
        var (q, k, v, log) = (saved[0], saved[1], saved[2], saved[3]);
        var gradient = outputGradients[0]?.to(q.dtype) ?? zeros_like(v);
        var (dq, dk, dv, dlog, state) = Backward(q, k, v, log, Given(saved[4]), (double)context.get_data(Scale), gradient, outputGradients[1]);
        return [dq, dk, dv, dlog, state, null];
    }

    private static Tensor? Given(Tensor start) => start.dim() == 1 ? null : start;
}
