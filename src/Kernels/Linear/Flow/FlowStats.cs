using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The flows between n sinks (queries) and m sources (keys), as Flow-Attention measures them. Sinks <c>[B,H,Tq,1]</c>, sources <c>[B,H,Tk,1]</c>.</summary>
/// <param name="Incoming">I, what flows into each sink: φ(q)·Σφ(k).</param>
/// <param name="Outgoing">O, what flows out of each source: φ(k)·Σφ(q).</param>
/// <param name="ConservedIncoming">Î·n/m, what flows into a sink when every source gives 1, in units of the mean.</param>
/// <param name="ConservedOutgoing">Ô, what flows out of a source when every sink takes 1: n/m on average.</param>
/// <param name="Competition">The factor of each source's value, m·softmax(Ô).</param>
/// <param name="Allocation">The gate of each sink, σ(Î·n/m).</param>
public sealed record FlowStats(
    Tensor Incoming, Tensor Outgoing, Tensor ConservedIncoming, Tensor ConservedOutgoing, Tensor Competition, Tensor Allocation)
{
    internal FlowStats Map(Func<Tensor, Tensor> change) => new(
        change(Incoming), change(Outgoing), change(ConservedIncoming), change(ConservedOutgoing), change(Competition), change(Allocation));
}
