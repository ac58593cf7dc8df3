using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>
/// How far a form may be from float64: a multiple of what the plain computation in the same dtype is off, plus a floor of a few
/// units of rounding. Nothing is tuned by hand for a mechanism.
/// </summary>
internal static class Tolerance
{
    private const double Multiple = 3;

    /// <param name="what">The form, the sample and the tensor, for the message.</param>
    /// <param name="got">What the form gave.</param>
    /// <param name="exact">The same by the reference in float64.</param>
    /// <param name="plain">The same by the reference in <paramref name="dtype"/>.</param>
    /// <param name="dtype">The dtype of the inputs.</param>
    /// <param name="scale">The norm against which a tensor that is zero in exact arithmetic is measured.</param>
    public static void AssertClose(string what, Tensor got, Tensor exact, Tensor plain, ScalarType dtype, double scale)
    {
        Assert.True(got.shape.SequenceEqual(exact.shape), $"{what}: shape [{string.Join(",", got.shape)}], expected [{string.Join(",", exact.shape)}]");
        var (error, plainError) = (RelativeRms(got, exact, scale), RelativeRms(plain, exact, scale));
        var allowed = Multiple * plainError + Floor(dtype);
        Assert.True(error <= allowed, $"{what}: relative RMS error {error:e2}, allowed {allowed:e2} (plain {dtype}: {plainError:e2})");
    }

    /// <summary>Asserts that two ways to compute the same named tensors differ by rounding alone.</summary>
    public static void AssertAgree(string what, IReadOnlyDictionary<string, Tensor> got, IReadOnlyDictionary<string, Tensor> expected, ScalarType dtype)
    {
        Assert.Equal(expected.Keys.Order(), got.Keys.Order());
        var scale = LargestNorm(expected.Values);
        foreach (var (name, value) in expected)
            AssertAgree($"{what}: {name}", got[name], value, dtype, scale);
    }

    /// <summary>As for named tensors.</summary>
    public static void AssertAgree(string what, Tensor got, Tensor expected, ScalarType dtype, double? scale = null)
    {
        Assert.True(got.shape.SequenceEqual(expected.shape), $"{what}: shape [{string.Join(",", got.shape)}], expected [{string.Join(",", expected.shape)}]");
        // Where two large terms cancel, both ways leave only the rounding of those terms: that is measured against the terms.
        var allowed = 10 * Floor(dtype);
        var error = RelativeRms(got, expected, scale ?? 1, cancelled: allowed);
        Assert.True(error <= allowed, $"{what}: relative RMS difference {error:e2}, allowed {allowed:e2}");
    }

    /// <summary>The largest norm among named tensors.</summary>
    public static double LargestNorm(IEnumerable<Tensor> tensors) => tensors.Max(tensor => tensor.to(ScalarType.Float64).norm().item<double>());

    /// <summary>
    /// ‖got − exact‖ / ‖exact‖; a gradient that cancels to nothing (a share <paramref name="cancelled"/> of <paramref name="scale"/>) is
    /// measured against <paramref name="scale"/>. NaN counts as infinitely wrong.
    /// </summary>
    public static double RelativeRms(Tensor got, Tensor exact, double scale, double cancelled = 1e-9)
    {
        using var scope = NewDisposeScope();
        var reference = exact.to(ScalarType.Float64);
        var difference = (got.to(ScalarType.Float64) - reference).norm().item<double>();
        var size = reference.norm().item<double>();
        return double.IsNaN(difference) ? double.PositiveInfinity : difference / (size > cancelled * scale ? size : scale);
    }

    public static double Floor(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => 1e-13,
        ScalarType.Float32 => 2e-6,
        _ => 8e-3,
    };
}
