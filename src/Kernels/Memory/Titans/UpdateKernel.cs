using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The updates of a chunk unrolled: M_t = d_t·M + c_t·S + Σ_{s≤t} G_ts·u_s and S_t = n_t·S + Σ_{s≤t} N_ts·u_s, from memory M and momentum S
/// before it and the updates u of its tokens. All factors are sums of products of gates; nothing is ever divided.
/// </summary>
/// <param name="Memory">d, <c>[B,H,T,1]</c>.</param>
/// <param name="Momentum">c, <c>[B,H,T,1]</c>.</param>
/// <param name="Writes">G, <c>[B,H,T,T]</c>, 0 for s &gt; t.</param>
/// <param name="LastMomentum">n of the last token, <c>[B,H,1,1]</c>.</param>
/// <param name="LastWrites">N of the last token, <c>[B,H,T,1]</c>.</param>
internal sealed record UpdateKernel(Tensor Memory, Tensor Momentum, Tensor Writes, Tensor LastMomentum, Tensor LastWrites)
{
    public static UpdateKernel Of(MemoryGates gates)
    {
        var (kept, pushed) = (Products(1 - gates.Forget), Products(gates.Momentum));
        var length = kept.size(2);
        var both = kept.narrow(3, 1, length).matmul(pushed);
        var last = pushed.narrow(2, length - 1, 1).transpose(2, 3);
        return new(kept.narrow(3, 0, 1), both.narrow(3, 0, 1), both.narrow(3, 1, length), last.narrow(2, 0, 1), last.narrow(2, 1, length));
    }

    /// <summary>The factors of the memory that each token finds: those of the token before it.</summary>
    public (Tensor Memory, Tensor Momentum, Tensor Writes) Before()
    {
        Tensor Shifted(Tensor factor, Tensor first) => factor.size(2) == 1 ? first : cat([first, factor.narrow(2, 0, factor.size(2) - 1)], 2);
        return (
            Shifted(Memory, ones_like(Memory.narrow(2, 0, 1))),
            Shifted(Momentum, zeros_like(Momentum.narrow(2, 0, 1))),
            Shifted(Writes, zeros_like(Writes.narrow(2, 0, 1))));
    }

    /// <summary>Memory and momentum after the last token, from those before the first and the updates Σ_s w_s·a_sᵀb_s.</summary>
    public (Tensor Memory, Tensor Momentum) After(Tensor memory, Tensor momentum, Tensor a, Tensor b)
    {
        var last = Writes.size(2) - 1;
        var writes = Writes.narrow(2, last, 1).transpose(2, 3);
        return (
            Memory.narrow(2, last, 1) * memory + Momentum.narrow(2, last, 1) * momentum + (a * writes).transpose(2, 3).matmul(b),
            LastMomentum * momentum + (a * LastWrites).transpose(2, 3).matmul(b));
    }

    /// <summary>x_{s+1}·…·x_t for s ≤ t, else 0, <c>[B,H,T,T+1]</c>: the first column stands for all that came before the chunk.</summary>
    private static Tensor Products(Tensor gates)
    {
        var length = gates.size(2);
        var later = ones([length, length + 1], ScalarType.Bool, gates.device).tril();
        var factors = gates.where(later, ones_like(gates));
        return factors.cumprod(2).tril(1);
    }
}
