using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Gated linear attention on the GPU; it weights its inputs anew on the way back.</summary>
internal sealed class GatedFunction : RecurrenceFunction<GatedFunction>
{
    /// <summary>
    /// Attention by the kernels; null where they do not serve the call, or cannot run. Arguments as <see cref="GatedLinear.Chunked"/>'s, checked, with gates
    /// <c>[B,H,T,D]</c> or one a token, <c>[B,H,T,1]</c>.
    /// </summary>
    public static AttentionOutput? TryAttend(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? initialState, double scale) =>
        GatedKernel.Serves(q, logGate) ? TryRun(q, k, v, logGate, initialState, scale) : null;

    protected override (Tensor Output, Tensor State) Forward(Tensor q, Tensor k, Tensor v, Tensor log, Tensor? start, double scale) =>
        GatedKernel.Forward(q, k, v, log, start, scale);

    protected override (Tensor Q, Tensor K, Tensor V, Tensor? Log, Tensor? Start) Backward(
        Tensor q, Tensor k, Tensor v, Tensor log, Tensor? start, double scale, Tensor outputGradient, Tensor? stateGradient)
    {
        var (dq, dk, dv, gate, state) = GatedKernel.Backward(q, k, v, log, start, scale, outputGradient, stateGradient);
        return (dq, dk, dv, gate.to(log.dtype), start is null ? null : state);
    }
}
