using static TorchSharp.torch;

namespace Attn.Theory.LengthCollapse;

/// <summary>
/// Attention as a low-pass filter over tokens (Zhou et al. 2024, arXiv 2410.24200). Theorem 2: where the rows of A sum to one,
/// ‖HC[AXW]‖_F ≤ σ_a·‖W‖₂·‖HC[X]‖_F with σ_a = ‖HC[A]‖₂, since A passes on what all tokens share: HC[A·DC[X]] = 0.
/// </summary>
/// <remarks>Patterns are <c>[…,n,n]</c>; results are float64 and differentiable where singular values are.</remarks>
public static class LowPass
{
    /// <summary>σ_a = ‖HC[A]‖₂ of each pattern: the most that A leaves of any difference between tokens.</summary>
    /// <param name="weights">A, <c>[…,n,n]</c>.</param>
    /// <returns><c>[…]</c>.</returns>
    /// <exception cref="ArgumentException">No square matrices.</exception>
    public static Tensor SigmaA(Tensor weights)
    {
        Square(weights);
        using var scope = NewDisposeScope();
        var high = TokenSpectrum.Hc(weights);
        // The largest singular value by the symmetric eigenproblem, several times faster than all of them by an SVD and as exact.
        return linalg.eigvalsh(high.transpose(-2, -1).matmul(high)).amax([-1]).clamp_min(0).sqrt().MoveToOuterDisposeScope();
    }

    /// <summary>ρ = ‖HC[AV]‖_F / ‖HC[V]‖_F, at most σ_a: what a head really leaves of the differences between its values.</summary>
    /// <param name="weights">A, <c>[…,n,n]</c>.</param>
    /// <param name="values">V, <c>[…,n,d]</c>.</param>
    /// <returns><c>[…]</c>; NaN where all values are one.</returns>
    /// <exception cref="ArgumentException">No square matrices, or values that do not fit them.</exception>
    public static Tensor Attenuation(Tensor weights, Tensor values)
    {
        Fitting(weights, values, nameof(values));
        using var scope = NewDisposeScope();
        var high = TokenSpectrum.Hc(values);
        // HC[A·HC[V]] would be the same for rows that sum to one, and not for others.
        return (TokenSpectrum.Norm(Mixed(weights, values)) / TokenSpectrum.Norm(high)).MoveToOuterDisposeScope();
    }

    /// <summary>‖HC[AXW]‖_F / (σ_a‖W‖₂‖HC[X]‖_F), at most 1 by Theorem 2.</summary>
    /// <param name="weights">A, <c>[…,n,n]</c>, rows summing to one.</param>
    /// <param name="tokens">X, <c>[…,n,d]</c>.</param>
    /// <param name="valueMap">W, <c>[…,d,m]</c>.</param>
    /// <returns><c>[…]</c>.</returns>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor TheoremTwo(Tensor weights, Tensor tokens, Tensor valueMap)
    {
        ArgumentNullException.ThrowIfNull(valueMap);
        Fitting(weights, tokens, nameof(tokens));
        if (valueMap.dim() < 2 || valueMap.size(-2) != tokens.size(-1))
            throw new ArgumentException($"valueMap: got [{string.Join(",", valueMap.shape)}], needs […,{tokens.size(-1)},m].", nameof(valueMap));
        using var scope = NewDisposeScope();
        var map = valueMap.to(ScalarType.Float64);
        var bound = SigmaA(weights) * linalg.svdvals(map).amax([-1]) * TokenSpectrum.Norm(TokenSpectrum.Hc(tokens));
        return (TokenSpectrum.Norm(Mixed(weights, tokens.to(ScalarType.Float64).matmul(map))) / bound).MoveToOuterDisposeScope();
    }

    private static Tensor Mixed(Tensor weights, Tensor values) =>
        TokenSpectrum.Hc(weights.to(ScalarType.Float64).matmul(values.to(ScalarType.Float64)));

    private static void Fitting(Tensor weights, Tensor values, string name)
    {
        Square(weights);
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.dim() < 2 || values.size(-2) != weights.size(-1))
            throw new ArgumentException($"{name}: got [{string.Join(",", values.shape)}], needs […,{weights.size(-1)},d].", name);
    }

    internal static void Square(Tensor weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.dim() < 2 || weights.size(-1) != weights.size(-2) || weights.size(-1) == 0)
            throw new ArgumentException($"weights: got [{string.Join(",", weights.shape)}], needs […,n,n].", nameof(weights));
    }
}
