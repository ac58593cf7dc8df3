using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Linear attention with a fixed decay on the GPU. Each gradient is a pass of the same kernel, dQ in the order of the tokens with (dO, V, K), dK
/// against it with (V, dO, Q), dV against it with (K, Q, dO).
/// </summary>
internal sealed class FixedDecayFunction : RecurrenceFunction<FixedDecayFunction>
{
    /// <summary>Attention by the kernel; null where it does not serve the call, or cannot run. Arguments as <see cref="ScalarDecay.Chunked"/>'s.</summary>
    public static AttentionOutput? TryAttend(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState, double scale)
    {
        if (q?.device_type != TorchSharp.DeviceType.CUDA)
            return null;
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        DecayOperands.CheckDecay(logDecay, q);
        return FixedDecayKernel.Serves(q, v, logDecay) ? TryRun(q, k, v, logDecay, initialState, scale) : null;
    }

    protected override (Tensor Output, Tensor State) Forward(Tensor q, Tensor k, Tensor v, Tensor log, Tensor? start, double scale) =>
        FixedDecayKernel.Run(q, k, v, log, start, scale);

    // o_t = s·q_tS_t and S_t = λS_{t−1} + k_tᵀv_t, so the gradient of S_t is G_t = s·q_tᵀdo_t + λG_{t+1}, a state scanned against the order;
    // the gradient of the final state joins it undecayed. Then dq_t = s·do_tS_tᵀ, dk_t = v_tG_tᵀ, dv_t = k_tG_t, and the start's is λG_1.
    protected override (Tensor Q, Tensor K, Tensor V, Tensor? Log, Tensor? Start) Backward(
        Tensor q, Tensor k, Tensor v, Tensor log, Tensor? start, double scale, Tensor outputGradient, Tensor? stateGradient)
    {
        var later = stateGradient is null ? null : stateGradient / scale;
        var (dq, _) = FixedDecayKernel.Run(outputGradient, v, k, log, start?.transpose(-2, -1), scale);
        var (dk, _) = FixedDecayKernel.Run(v, outputGradient, q, log, later?.transpose(-2, -1), scale, reverse: true, late: true);
        var (dv, first) = FixedDecayKernel.Run(k, q, outputGradient, log, later, scale, reverse: true, late: true);
        return (dq, dk, dv, null, start is null ? null : first * scale * log.exp());
    }
}
