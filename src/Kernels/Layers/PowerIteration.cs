using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The spectral norm σ(W) = max ‖Wu‖/‖u‖ of a matrix by power iteration: v ← Wu/‖Wu‖, u ← Wᵀv/‖Wᵀv‖, σ ≈ vᵀWu. An estimate is never above
/// the norm, and its error shrinks by (σ₂/σ₁)⁴ a step.
/// </summary>
public static class PowerIteration
{
    // Where W or u is zero there is no direction; then 0 comes out, not NaN.
    private const double LeastNorm = 1e-30;

    /// <summary>One step from the right vector u; not differentiable.</summary>
    /// <param name="weight">W <c>[m,n]</c>, float32 or float64.</param>
    /// <param name="right">u <c>[n]</c>.</param>
    /// <returns>v <c>[m]</c> and the next u <c>[n]</c>, of length one, or zero where Wu is.</returns>
    /// <exception cref="ArgumentException">No matrix, or a vector that does not fit it.</exception>
    public static (Tensor Left, Tensor Right) Step(Tensor weight, Tensor right)
    {
        Validate(weight);
        if (!right.shape.SequenceEqual([weight.size(1)]))
            Arguments.Fail(nameof(right), Arguments.Text(right.shape), $"[n] = [{weight.size(1)}]");
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var left = Unit(weight.mv(right));
        return (left.MoveToOuterDisposeScope(), Unit(weight.t().mv(left)).MoveToOuterDisposeScope());
    }

    /// <summary>σ(W), iterated until a step adds less than <paramref name="tolerance"/> of it. The start is fixed.</summary>
    /// <param name="weight">W <c>[m,n]</c>, floating point; computed in float64.</param>
    /// <param name="tolerance">The relative growth at which to stop; positive.</param>
    /// <param name="steps">The most steps.</param>
    /// <returns>σ(W), from below; 0 for a matrix of zeros, not finite where an entry is not.</returns>
    /// <exception cref="ArgumentException">No matrix, or a number out of range.</exception>
    public static double SpectralNorm(Tensor weight, double tolerance = 1e-13, int steps = 10_000)
    {
        Validate(weight);
        Arguments.Positive(steps, nameof(steps));
        if (!(tolerance > 0))
            Arguments.Fail(nameof(tolerance), tolerance.ToString(System.Globalization.CultureInfo.InvariantCulture), "a positive number");
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var matrix = weight.detach().to(ScalarType.Float64);
        // Scaled to entries of at most one, so that no square overflows.
        var scale = matrix.abs().max().item<double>();
        if (scale == 0 || !double.IsFinite(scale))
            return scale;
        matrix = matrix / scale;
        // A start without symmetry, which no matrix in use has for a null vector.
        var right = Unit(arange(1, matrix.size(1) + 1, ScalarType.Float64, matrix.device).cos());
        var norm = 0.0;
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            var (left, next) = Step(matrix, right);
            var (before, now) = (norm, left.dot(matrix.mv(next)).item<double>());
            (norm, right) = (now, next.MoveToOuterDisposeScope());
            if (now - before <= tolerance * now)
                break;
        }

        return norm * scale;
    }

    private static Tensor Unit(Tensor vector) => vector / vector.norm().clamp_min(LeastNorm);

    private static void Validate(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.dim() != 2 || weight.numel() == 0)
            Arguments.Fail(nameof(weight), Arguments.Text(weight.shape), "a matrix [m,n]");
        if (!weight.is_floating_point())
            Arguments.Fail(nameof(weight), weight.dtype.ToString(), "floating point");
    }
}
