using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Agents put into a trained model without training, as the authors do with a diffusion model: pooled agents are shorter than queries, so the
/// second softmax is given a larger scale, s^0.3, and a little of each token's own value is added.
/// </summary>
public static class AgentSd
{
    /// <summary>Agent attention in place of softmax; exact softmax where agents would not save anything, 2n ≥ T.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="agents"><c>[B,H,n,D]</c>.</param>
    /// <param name="exponent">The exponent of s in the second softmax.</param>
    /// <param name="shortcut">How much of v is added.</param>
    /// <returns><c>[B,H,T,Dv]</c>.</returns>
    public static Tensor Apply(Tensor q, Tensor k, Tensor v, Tensor agents, double exponent = 0.3, double shortcut = 0.075)
    {
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        AgentAttention.Check(agents, q);
        if (2 * agents.size(2) >= q.size(2))
            return Softmax.Plain(q, k, v);
        using var scope = NewDisposeScope();
        var attended = AgentAttention.Forward(q, k, v, agents, new() { BroadcastExponent = exponent });
        return (attended + shortcut * v).MoveToOuterDisposeScope();
    }
}
