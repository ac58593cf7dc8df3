using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Lightning attention, o_t = Σ_{s≤t} λ^{t−s}(q_t·k_s)v_s with one fixed decay λ a head, by tiles: quadratic inside a tile, through the
/// state between tiles, forward and backward (Qin et al. 2024, arXiv 2405.17381, Algorithms 3 to 6; arXiv 2401.04658). Causal self-attention
/// without softmax, scale or denominator.
/// </summary>
/// <remarks>
/// Shapes: <c>q, k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, one floating dtype; <c>logDecay = log λ [B|1,H,1,1]</c>, at most 0, in the dtype of q
/// or in float32, as <see cref="DecaySlopes.LogDecay"/> gives it; state <c>[B,H,D,Dv]</c>. Sums of half-precision inputs are float32. Bad
/// arguments give an <see cref="ArgumentException"/> that names the argument.
/// </remarks>
public static class LightningAttention
{
    /// <summary>
    /// By tiles, with a backward pass by tiles: autograd keeps q, k, v, log λ and the initial state, nothing else. Gradients by all
    /// of them; not twice differentiable. On a GPU, bfloat16 goes to a CUDA kernel, whose tiles are its own.
    /// </summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log λ ≤ 0.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <param name="block">Tokens a tile; the last one may be shorter.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>, and the state after the last token.</returns>
    public static AttentionOutput Attend(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState = null, int block = 64)
    {
        Arguments.Positive(block, nameof(block));
        using var scope = NewDisposeScope();
        if (FixedDecayFunction.TryAttend(q, k, v, logDecay, initialState, scale: 1) is { } fast)
            return fast.MoveOut();
        var state = LightningTiles.Check(q, k, v, logDecay, initialState, block);
        var results = LightningFunction.Call(q, k, v, logDecay, state, (long)block);
        return new AttentionOutput(results[0], results[1]).MoveOut();
    }

    /// <summary>The forward pass alone, without gradients.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log λ ≤ 0.</param>
    /// <param name="initialState"><c>[B,H,D,Dv]</c>; zero when null.</param>
    /// <param name="block">Tokens a tile.</param>
    /// <param name="convention">How a decay across tiles is split; the paper's when null. The state of the kernel's is λ times the paper's.</param>
    /// <param name="io">Counts operations, traffic and temporaries over all batch entries and heads; null counts nothing.</param>
    /// <inheritdoc cref="Attend" path="/returns"/>
    public static AttentionOutput Forward(
        Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState = null, int block = 64, TileConvention? convention = null, IoCounter? io = null)
    {
        using var scope = NewDisposeScope();
        var state = LightningTiles.Check(q, k, v, logDecay, initialState, block);
        return LightningTiles.Of(logDecay, q, block, convention).Forward(q, k, v, state, io).MoveOut();
    }

    /// <summary>The backward pass alone: a sweep forward for dQ, a sweep backward for dK and dV (paper's Algorithms 4 and 6).</summary>
    /// <param name="outputGradient">dO <c>[B,H,T,Dv]</c>.</param>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log λ ≤ 0.</param>
    /// <param name="block">Tokens a tile; it need not be that of the forward pass.</param>
    /// <returns>dQ, dK, dV in the shapes and dtype of q, k, v.</returns>
    public static (Tensor DQ, Tensor DK, Tensor DV) Backward(Tensor outputGradient, Tensor q, Tensor k, Tensor v, Tensor logDecay, int block = 64)
    {
        using var scope = NewDisposeScope();
        var state = LightningTiles.Check(q, k, v, logDecay, null, block);
        Arguments.Shape(outputGradient, nameof(outputGradient), q, "[B,H,T,Dv]", v.shape);
        var gradients = LightningBackward.Run(LightningTiles.Of(logDecay, q, block), outputGradient, null, q, k, v, state);
        return (gradients.DQ.MoveToOuterDisposeScope(), gradients.DK.MoveToOuterDisposeScope(), gradients.DV.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The channels of q and k in slices of at most <paramref name="width"/>, each on its own, outputs summed: exact because scores
    /// are sums over channels and nothing divides by them. The released kernel does so where D exceeds fast memory.
    /// </summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, log λ ≤ 0.</param>
    /// <param name="width">Channels a slice; the last one may be narrower.</param>
    /// <inheritdoc cref="Attend" path="/returns"/>
    public static AttentionOutput Sliced(Tensor q, Tensor k, Tensor v, Tensor logDecay, int width = 64)
    {
        Arguments.Positive(width, nameof(width));
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        var slices = q.Widen().split(width, 3).Zip(k.Widen().split(width, 3), (qi, ki) => Attend(qi, ki, v.Widen(), logDecay)).ToArray();
        var sum = slices.Select(slice => slice.Output).Aggregate((a, b) => a + b);
        return new AttentionOutput(sum.to(q.dtype), cat(slices.Select(slice => slice.State!).ToList(), 2)).MoveOut();
    }
}
