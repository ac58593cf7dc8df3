using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Linearised relative positions: a product of features is Σ_j q_jk_j cos θ_j(t − s), because lrpe(x, t) = [x∘cos θt ‖ x∘sin θt] doubles
/// the channels (Qin et al. 2022; TransNormerLLM's position code, with θ learned).
/// </summary>
public static class Lrpe
{
    /// <summary>The initial θ of the released code, 10000^{−2j/d} over the d channels of all heads: <c>[1,H,1,d/H]</c> in float32.</summary>
    /// <param name="heads">H.</param>
    /// <param name="headDim">Channels of a head.</param>
    public static Tensor InitialAngles(int heads, int headDim)
    {
        Arguments.Positive(heads, nameof(heads));
        Arguments.Positive(headDim, nameof(headDim));
        var dim = heads * headDim;
        return tensor([.. Enumerable.Range(0, dim).Select(j => (float)Math.Pow(10000, -2.0 * j / dim))], [1, heads, 1, headDim]);
    }

    /// <summary>The features of the tokens <paramref name="offset"/>, <paramref name="offset"/> + 1, …; angles are computed in float64.</summary>
    /// <param name="x"><c>[B,H,T,D]</c>.</param>
    /// <param name="theta">θ <c>[B|1,H,1,D]</c>, in the dtype of x or in float32.</param>
    /// <param name="offset">The place of the first token.</param>
    /// <returns><c>[B,H,T,2D]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Apply(Tensor x, Tensor theta, long offset = 0)
    {
        Arguments.Qk(x, x);
        CheckAngles(theta, x);
        using var scope = NewDisposeScope();
        var wide = x.Widen();
        var angles = theta.to(ScalarType.Float64) * arange(offset, offset + x.size(2), ScalarType.Float64, x.device).unsqueeze(-1);
        return cat([wide * angles.cos().to(wide.dtype), wide * angles.sin().to(wide.dtype)], -1).MoveToOuterDisposeScope();
    }

    /// <summary>A state of features as a viewer <paramref name="steps"/> tokens further on sees it: every key's angle falls by θ·steps.</summary>
    /// <param name="state"><c>[B,H,2D,Dv]</c>.</param>
    /// <param name="theta">θ <c>[B|1,H,1,D]</c>.</param>
    /// <param name="steps">Tokens.</param>
    internal static Tensor MoveOn(Tensor state, Tensor theta, long steps)
    {
        var dim = theta.size(3);
        var angles = theta.to(ScalarType.Float64).transpose(-2, -1) * steps;
        var (cos, sin) = (angles.cos().to(state.dtype), angles.sin().to(state.dtype));
        var (even, odd) = (state.narrow(2, 0, dim), state.narrow(2, dim, dim));
        return cat([even * cos + odd * sin, odd * cos - even * sin], 2);
    }

    /// <summary>Checks θ against the tensor whose channels it turns.</summary>
    internal static void CheckAngles(Tensor theta, Tensor x) =>
        Arguments.Shape(theta, nameof(theta), x, "[B|1,H,1,D]", theta is { shape: [1, ..] } ? 1 : x.size(0), x.size(1), 1, x.size(3));
}
