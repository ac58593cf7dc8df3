using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>What one would write first, to be compared with.</summary>
public static class SoftplusControls
{
    /// <summary>
    /// <see cref="Reweighting"/> as it is printed: B = ReLU(N·A − 1)^p, A′ = B/(‖B‖₁ + ε), in the dtype of A. It overflows where N·A is
    /// large, and where no N·A is much above 1, the power falls below ε and the row loses its sum.
    /// </summary>
    /// <param name="weights">A, <c>[…,Tq,Tk]</c>.</param>
    /// <param name="keys">N, the number of keys that each row sees, broadcastable to A; rows of up to <see cref="Reweighting.UncutKeys"/> are not cut.</param>
    /// <param name="power">p.</param>
    /// <param name="epsilon">ε.</param>
    public static Tensor NaivePower(Tensor weights, Tensor keys, double power = Reweighting.DefaultPower, double epsilon = 1e-8)
    {
        using var scope = NewDisposeScope();
        var count = keys.to(weights.dtype);
        var sharp = (weights * count - (count > Reweighting.UncutKeys).to(weights.dtype)).relu().pow(power);
        return (sharp / (sharp.sum(-1, keepdim: true) + epsilon)).MoveToOuterDisposeScope();
    }

    /// <summary>ReLU attention, ReLU(q·k/√D)/N with N = Tk: no norm, only the number of keys.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <returns><c>[B,H,Tq,Dv]</c>.</returns>
    public static Tensor ReluOverKeys(Tensor q, Tensor k, Tensor v)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        var scores = q.Widen().matmul(k.Widen().transpose(-2, -1)) / Math.Sqrt(q.size(3));
        return (scores.relu() / k.size(2)).matmul(v.Widen()).to(q.dtype).MoveToOuterDisposeScope();
    }
}
