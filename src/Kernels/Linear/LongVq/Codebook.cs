using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Vectors replaced by the nearest of a few codes, head by head. Nearest is decided in float64, so that no form of an attention decides otherwise.</summary>
public static class Codebook
{
    /// <summary>The number of the nearest code, argmin_s ‖k_t − C_s‖².</summary>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="codebook">C, <c>[B|1,H,S,D]</c>.</param>
    /// <returns><c>[B,H,T]</c>, int64, from 0 to S − 1.</returns>
    /// <exception cref="ArgumentException">A codebook that does not fit the keys.</exception>
    public static Tensor Assign(Tensor k, Tensor codebook)
    {
        Arguments.Qk(k, k);
        Check(codebook, k);
        return Nearest(k, codebook);
    }

    internal static Tensor Nearest(Tensor k, Tensor codebook)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (keys, codes) = (k.to(ScalarType.Float64), codebook.to(ScalarType.Float64));
        return (codes.square().sum(-1).unsqueeze(2) - 2 * keys.matmul(codes.transpose(2, 3))).argmin(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The codes of those numbers, <c>[B,H,T,D]</c>; differentiable by the codebook.</summary>
    /// <param name="codebook">C, <c>[B|1,H,S,D]</c>.</param>
    /// <param name="codes">Numbers, <c>[B,H,T]</c>.</param>
    public static Tensor Look(Tensor codebook, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var (dim, index) = (codebook.size(3), codes.unsqueeze(-1));
        return codebook.expand(codes.size(0), -1, -1, -1).gather(2, index.expand(-1, -1, -1, dim)).MoveToOuterDisposeScope();
    }

    /// <summary>k̂ = C_z, through which the gradient passes to k unchanged (straight through), and to the codebook besides.</summary>
    /// <inheritdoc cref="Assign"/>
    /// <returns><c>[B,H,T,D]</c>.</returns>
    public static Tensor Quantise(Tensor k, Tensor codebook)
    {
        using var scope = NewDisposeScope();
        var codes = Assign(k, codebook);
        return StraightThrough(k, Look(codebook, codes)).MoveToOuterDisposeScope();
    }

    /// <summary>The value of the one with a gradient for the other: exactly, for k − k is 0.</summary>
    internal static Tensor StraightThrough(Tensor k, Tensor quantised) => quantised + (k - k.detach());

    internal static void Check(Tensor codebook, Tensor k)
    {
        var (sequences, codes) = codebook is { shape: [var first, _, var third, _] } ? (first, third) : (0, 0);
        Arguments.Shape(codebook!, nameof(codebook), k, "[B|1,H,S,D]", sequences == 1 ? 1 : k.size(0), k.size(1), Math.Max(1, codes), k.size(3));
    }
}
