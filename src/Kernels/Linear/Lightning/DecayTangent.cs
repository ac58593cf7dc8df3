using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The derivative of the recurrence by log λ, carried along beside the state: Ṡ_t = λ(Ṡ_{t−1} + S_{t−1}). The gradient by log λ is then
/// a sum without the cancellation that q∘dq − k∘dk would bring.
/// </summary>
internal sealed class DecayTangent(Tensor state, Tensor sum)
{
    public static DecayTangent Zero(Tensor state) =>
        new(zeros_like(state), zeros([state.size(0), state.size(1), 1, 1], state.dtype, state.device));

    /// <summary>Adds a tile's part, Σ_t dO_t·∂o_t/∂log λ, and moves on past the tile.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="q">Its queries.</param>
    /// <param name="k">Its keys.</param>
    /// <param name="v">Its values.</param>
    /// <param name="pairs">(dO·Vᵀ) ⊙ M.</param>
    /// <param name="weighted">Λ∘dO.</param>
    /// <param name="before">The state before the tile.</param>
    public void Add(LightningTile tile, Tensor q, Tensor k, Tensor v, Tensor pairs, Tensor weighted, Tensor before)
    {
        var place = arange(tile.Size, q.dtype, q.device).unsqueeze(-1);
        var inside = q.matmul(k.transpose(-2, -1)) * pairs * (place - place.transpose(0, 1));
        var through = q * (weighted * (place + 1)).matmul(before.transpose(-2, -1)) + q * weighted.matmul(state.transpose(-2, -1));
        sum.add_(inside.sum([-2, -1], keepdim: true) + through.sum([-2, -1], keepdim: true));
        var written = (k * tile.Key * (tile.Size - 1 - place)).transpose(-2, -1).matmul(v);
        state.add_(before * tile.Size).mul_(tile.Decay).add_(written);
    }

    /// <summary>The gradient by log λ <c>[B,H,1,1]</c>, with the gradient by the final state counted in.</summary>
    public Tensor Gradient(Tensor finalStateGradient) => sum + (state * finalStateGradient).sum([-2, -1], keepdim: true);
}
