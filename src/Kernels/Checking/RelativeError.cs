using static TorchSharp.torch;

namespace Attn.Kernels.Checking;

/// <summary>
/// How far tensors are apart, and how far a form may be from float64: a multiple of what the plain computation in the same dtype is
/// off, plus a floor of a few units of rounding. Nothing is tuned by hand for a mechanism.
/// </summary>
internal static class RelativeError
{
    private const double Multiple = 3;

    /// <summary>
    /// ‖got − exact‖ / ‖exact‖; a gradient that cancels to nothing (a share <paramref name="cancelled"/> of <paramref name="scale"/>) is
    /// measured against <paramref name="scale"/>. NaN counts as infinitely wrong.
    /// </summary>
    public static double Rms(Tensor got, Tensor exact, double scale, double cancelled = 1e-9)
    {
        using var scope = NewDisposeScope();
        var reference = exact.to(ScalarType.Float64);
        var difference = (got.to(ScalarType.Float64) - reference).norm().item<double>();
        var size = reference.norm().item<double>();
        return difference == 0 ? 0 : double.IsNaN(difference) ? double.PositiveInfinity : difference / (size > cancelled * scale ? size : scale);
    }

    /// <summary>The largest norm among named tensors.</summary>
    public static double LargestNorm(IEnumerable<Tensor> tensors) => tensors.Max(tensor => tensor.to(ScalarType.Float64).norm().item<double>());

    /// <summary>What a form may be off where the plain computation of its dtype is off by <paramref name="plain"/>.</summary>
    public static double Allowed(double plain, ScalarType dtype) => Multiple * plain + Floor(dtype);

    /// <summary>A few units of rounding.</summary>
    public static double Floor(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => 1e-13,
        ScalarType.Float32 => 2e-6,
        _ => 8e-3,
    };
}
