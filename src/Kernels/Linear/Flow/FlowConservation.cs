using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>How well the flows of Flow-Attention are conserved: exactly but for ε.</summary>
/// <param name="Incoming">The largest |φ(q_i)/I_i·Σφ(k) − 1| over sinks: each is to take 1.</param>
/// <param name="Outgoing">The largest |φ(k_j)/O_j·Σφ(q) − 1| over sources: each is to give 1.</param>
/// <param name="TotalIncoming">ΣÎ over the sinks of a head, to be m; the one farthest from it.</param>
/// <param name="TotalOutgoing">ΣÔ over the sources of a head, to be n; the one farthest from it.</param>
public sealed record FlowConservation(double Incoming, double Outgoing, double TotalIncoming, double TotalOutgoing)
{
    /// <summary>Measures it, without causality.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="options">φ; the paper's when null.</param>
    public static FlowConservation Of(Tensor q, Tensor k, FlowOptions? options = null)
    {
        using var scope = NewDisposeScope();
        var chosen = options ?? FlowOptions.Default;
        var stats = FlowAttention.Stats(q, k, options: chosen);
        var (fq, fk) = (chosen.FeatureMap(q.Widen()), chosen.FeatureMap(k.Widen()));
        double Deviation(Tensor own, Tensor others, Tensor flow) =>
            ((own * others.sum(2, keepdim: true)).sum(-1, keepdim: true) / flow - 1).abs().max().to(ScalarType.Float64).item<double>();
        double Farthest(Tensor flow, double factor, double target) =>
            (flow.sum(2) * factor).to(ScalarType.Float64).data<double>().MaxBy(total => Math.Abs(total - target));
        var (n, m) = ((double)q.size(2), (double)k.size(2));
        return new(
            Deviation(fq, fk, stats.Incoming), Deviation(fk, fq, stats.Outgoing),
            Farthest(stats.ConservedIncoming, m / n, m), Farthest(stats.ConservedOutgoing, 1, n));
    }
}
