using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Linear attention with a fixed decay on the GPU as one differentiable function: it keeps its inputs. Each gradient is a pass of the same
/// kernel, dQ in the order of the tokens with (dO, V, K), dK against it with (V, dO, Q), dV against it with (K, Q, dO). Arguments: q, k, v, log
/// λ, the state to start from, the scale, and whether a state was given at all.
/// </summary>
internal sealed class FixedDecayFunction : GuardedFunction<FixedDecayFunction>
{
    private const string Scale = "scale";
    private const string Starts = "starts";

    public override string Name => nameof(FixedDecayFunction);

    protected override (int Inputs, int Others) Arity => (5, 2);

    protected override bool TakesMissingGradients => true;

    /// <summary>Attention by the kernel; null where it does not serve the call, or cannot run. Arguments as <see cref="ScalarDecay.Chunked"/>'s.</summary>
    public static AttentionOutput? TryAttend(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState, double scale)
    {
        if (q?.device_type != TorchSharp.DeviceType.CUDA)
            return null;
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        DecayOperands.CheckDecay(logDecay, q);
        if (!FixedDecayKernel.Serves(q, v, logDecay))
            return null;
        var state = initialState is null ? null : DecayOperands.InitialState(initialState, q, q.size(3), v.size(3));
        var factor = Arguments.Scale(scale, 1);
        return CudaKernels.TryRun(() =>
        {
            // Autograd costs more time than the kernel at a few hundred tokens: it is asked where it is needed.
            if (!is_grad_enabled() || !(q.requires_grad || k.requires_grad || v.requires_grad || state?.requires_grad == true))
            {
                var (output, final) = FixedDecayKernel.Run(q, k, v, logDecay, state, factor);
                return new AttentionOutput(output, final);
            }
            var results = Call(q, k, v, logDecay, state ?? DecayOperands.InitialState(null, q, q.size(3), v.size(3)), factor, state is not null);
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
        var (output, state) = FixedDecayKernel.Run(x[0], x[1], x[2], x[3], x[4], (double)arguments[5]);
        return [output, state];
    }

    protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients)
    {
        var saved = context.get_saved_variables();
        var (q, k, v, logDecay, state) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
        var (scale, starts) = ((double)context.get_data(Scale), (bool)context.get_data(Starts));
        var gradient = outputGradients[0]?.to(q.dtype) ?? zeros_like(v);
        // o_t = s·q_tS_t and S_t = λS_{t−1} + k_tᵀv_t, so the gradient of S_t is G_t = s·q_tᵀdo_t + λG_{t+1}, a state scanned against the order;
        // the gradient of the final state joins it undecayed. Then dq_t = s·do_tS_tᵀ, dk_t = v_tG_tᵀ, dv_t = k_tG_t, and the start's is λG_1.
        var later = outputGradients[1] is { } given ? given / scale : null;
        var (dq, _) = FixedDecayKernel.Run(gradient, v, k, logDecay, starts ? state.transpose(-2, -1) : null, scale);
        var (dk, _) = FixedDecayKernel.Run(v, gradient, q, logDecay, later?.transpose(-2, -1), scale, reverse: true, late: true);
        var (dv, first) = FixedDecayKernel.Run(k, q, gradient, logDecay, later, scale, reverse: true, late: true);
        return [dq, dk, dv, null, starts ? first * scale * logDecay.exp() : null, null, null];
    }
}
