using static TorchSharp.torch;

namespace Attn.Theory.EntropyBounds;

/// <summary>
/// Why Adam makes spectral norms grow (Zhai et al. 2023, arXiv 2303.06296, Proposition 3.2): the ideal update of a w×w weight is
/// Δ = μ/√(μ² + n²) element by element, μ the mean of the gradient and n² the variance of its noise, and
/// ‖Δ‖₂ ≥ ‖Δ‖_F/√w = √w·√(1 − w⁻² Σ n²/(μ² + n²)).
/// </summary>
/// <remarks>With little noise a step of rate η moves the spectral norm by order η√w: more, the wider the model. Where μ and n are 0, Δ is 0.</remarks>
public static class AdamStep
{
    /// <summary>Δ, element by element.</summary>
    /// <param name="mean">μ, of any shape.</param>
    /// <param name="noise">n, of the shape of <paramref name="mean"/>.</param>
    /// <returns>Δ, of the shape of <paramref name="mean"/>, float64.</returns>
    /// <exception cref="ArgumentException">Different shapes.</exception>
    public static Tensor Ideal(Tensor mean, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(noise);
        if (!noise.shape.SequenceEqual(mean.shape))
            throw new ArgumentException($"noise: got [{string.Join(",", noise.shape)}], needs [{string.Join(",", mean.shape)}] as mean has.", nameof(noise));
        using var scope = NewDisposeScope();
        var (mu, n) = (mean.to(ScalarType.Float64), noise.to(ScalarType.Float64));
        return (mu / (mu.square() + n.square()).sqrt().clamp_min(double.Epsilon)).MoveToOuterDisposeScope();
    }

    /// <summary>The proposition's lower bound of ‖Δ‖₂.</summary>
    /// <param name="mean">μ <c>[…,w,w]</c>.</param>
    /// <param name="noise">n, of the shape of <paramref name="mean"/>.</param>
    /// <returns><c>[…]</c>, float64.</returns>
    /// <exception cref="ArgumentException">Matrices that are not square, or different shapes.</exception>
    public static Tensor Lower(Tensor mean, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(mean);
        if (mean.dim() < 2 || mean.size(-1) != mean.size(-2))
            throw new ArgumentException($"mean: got [{string.Join(",", mean.shape)}], needs […,w,w].", nameof(mean));
        using var scope = NewDisposeScope();
        return (Ideal(mean, noise).square().sum([-2L, -1L]) / mean.size(-1)).sqrt().MoveToOuterDisposeScope();
    }
}
