using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The gradients of the tile loop. States are computed anew in the sweep forward, and their gradients in the sweep backward.</summary>
/// <param name="DQ"><c>[B,H,T,D]</c>.</param>
/// <param name="DK"><c>[B,H,T,D]</c>.</param>
/// <param name="DV"><c>[B,H,T,Dv]</c>.</param>
/// <param name="DInitial">Gradient by the initial state, <c>[B,H,D,Dv]</c>.</param>
/// <param name="DLogDecay">Gradient by log λ, <c>[B,H,1,1]</c>; null where it was not wanted.</param>
internal sealed record LightningBackward(Tensor DQ, Tensor DK, Tensor DV, Tensor DInitial, Tensor? DLogDecay)
{
    public static LightningBackward Run(
        LightningTiles tiles, Tensor dO, Tensor? dState, Tensor q, Tensor k, Tensor v, Tensor initialState, bool byDecay = false)
    {
        using var off = no_grad();
        var (dq, dk, dv) = (empty_like(q), empty_like(k), empty_like(v));
        var (state, stateGradient) = (initialState.clone(), dState?.to(initialState.dtype).clone() ?? zeros_like(initialState));
        var tangent = byDecay ? DecayTangent.Zero(state) : null;
        var steps = tiles.Over(q.size(2)).ToArray();
        foreach (var tile in steps)
        {
            using var scope = NewDisposeScope();
            var (qi, ki, vi, gi) = (tile.Load(q), tile.Load(k), tile.Load(v), tile.Load(dO));
            var (pairs, weighted) = (gi.matmul(vi.transpose(-2, -1)).mul_(tile.Mask), gi * tile.Query);
            tile.Of(dq).copy_(pairs.matmul(ki).add_(weighted.matmul(state.transpose(-2, -1))));
            tangent?.Add(tile, qi, ki, vi, pairs, weighted, state);
            state.mul_(tile.Decay).add_((ki * tile.Key).transpose(-2, -1).matmul(vi));
        }

        var byLogDecay = tangent?.Gradient(stateGradient);
        foreach (var tile in steps.Reverse())
        {
            using var scope = NewDisposeScope();
            var (qi, ki, vi, gi) = (tile.Load(q), tile.Load(k), tile.Load(v), tile.Load(dO));
            var pairs = gi.matmul(vi.transpose(-2, -1)).mul_(tile.Mask).transpose(-2, -1);
            tile.Of(dk).copy_(pairs.matmul(qi).add_((vi * tile.Key).matmul(stateGradient.transpose(-2, -1))));
            var scores = qi.matmul(ki.transpose(-2, -1)).mul_(tile.Mask).transpose(-2, -1);
            tile.Of(dv).copy_(scores.matmul(gi).add_((ki * tile.Key).matmul(stateGradient)));
            stateGradient.mul_(tile.Decay).add_((qi * tile.Query).transpose(-2, -1).matmul(gi));
        }
        return new(dq, dk, dv, stateGradient, byLogDecay);
    }
}
