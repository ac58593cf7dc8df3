using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Gated linear attention on the GPU as one differentiable function: it keeps its inputs, and weights them anew on the way back. Arguments: q, k, v, log
/// gates, the state to start from, the scale, and whether a state was given at all.
/// </summary>
internal sealed class GatedFunction : GuardedFunction<GatedFunction>
{
    private const string Scale = "scale";
    private const string Starts = "starts";

    public override string Name => nameof(GatedFunction);

    protected override (int Inputs, int Others) Arity => (5, 2);

    protected override bool TakesMissingGradients => true;

    /// <summary>
    /// Attention by the kernels; null where they do not serve the call, or cannot run. Arguments as <see cref="GatedLinear.Chunked"/>'s, checked, with gates
    /// <c>[B,H,T,D]</c> or one a token, <c>[B,H,T,1]</c>.
    /// </summary>
    public static AttentionOutput? TryAttend(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState, double scale)
    {
        if (!GatedKernel.Serves(q, logGate))
            return null;
        var start = initialState is null ? null : DecayOperands.InitialState(initialState, q, q.size(3), v.size(3));
        var factor = Arguments.Scale(scale, 1);
        return CudaKernels.TryRun(() =>
        {
            // Autograd costs more time than the kernels at a few hundred tokens: it is asked where it is needed.
            Tensor?[] inputs = [q, k, v, logGate, start];
            if (!is_grad_enabled() || !inputs.Any(input => input?.requires_grad == true))
            {
                var (output, final) = GatedKernel.Forward(q, k, v, logGate, start, factor);
                return new AttentionOutput(output, final);
            }
            var state = start ?? DecayOperands.InitialState(null, q, q.size(3), v.size(3));
            var results = Call(q, k, v, logGate, state, factor, start is not null);
            return new AttentionOutput(results[0], results[1]);
        });
    }

    protected override IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments)
    {
        Tensor[] x = [.. arguments.Take(5).Cast<Tensor>()];
        Save(context, [.. x]);
        context.save_data(Scale, arguments[5]);
        context.save_data(Starts, arguments[6]);
        using var off = no_grad();
        var (output, state) = GatedKernel.Forward(x[0], x[1], x[2], x[3], (bool)arguments[6] ? x[4] : null, (double)arguments[5]);
        return [output, state];
    }

    protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients)
    {
        var saved = context.get_saved_variables();
        var starts = (bool)context.get_data(Starts);
        var gradient = outputGradients[0]?.to(saved[0].dtype) ?? zeros_like(saved[2]);
        var (dq, dk, dv, gate, state) = GatedKernel.Backward(
            saved[0], saved[1], saved[2], saved[3], starts ? saved[4] : null, (double)context.get_data(Scale), gradient, outputGradients[1]);
        return [dq, dk, dv, gate.to(saved[3].dtype), starts ? state : null, null, null];
    }
}
