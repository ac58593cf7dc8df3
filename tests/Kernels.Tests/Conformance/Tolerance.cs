using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Assertions that two ways to compute the same tensors differ by rounding alone.</summary>
internal static class Tolerance
{
    // A form rounds at many places, each as much as an input may have been rounded.
    private const double Roundings = 100;

    /// <summary>Asserts it of named tensors.</summary>
    /// <param name="what">What is compared, for the message.</param>
    /// <param name="got">One way's tensors.</param>
    /// <param name="expected">The other way's.</param>
    /// <param name="dtype">What they were computed in.</param>
    /// <param name="nudged">What is expected of inputs that differ in their last place: where that is far off, no way to compute them is nearer. Null where no input is so ill-conditioned.</param>
    public static void AssertAgree(
        string what, IReadOnlyDictionary<string, Tensor> got, IReadOnlyDictionary<string, Tensor> expected, ScalarType dtype, IReadOnlyDictionary<string, Tensor>? nudged = null)
    {
        Assert.Equal(expected.Keys.Order(), got.Keys.Order());
        var scale = RelativeError.LargestNorm(expected.Values);
        foreach (var (name, value) in expected)
            AssertAgree($"{what}: {name}", got[name], value, dtype, scale, nudged?[name]);
    }

    /// <summary>Asserts it of one tensor.</summary>
    public static void AssertAgree(string what, Tensor got, Tensor expected, ScalarType dtype, double? scale = null, Tensor? nudged = null)
    {
        Assert.True(got.shape.SequenceEqual(expected.shape), $"{what}: shape [{string.Join(",", got.shape)}], expected [{string.Join(",", expected.shape)}]");
        // Where two large terms cancel, both ways leave only the rounding of those terms: that is measured against the terms.
        var allowed = 10 * RelativeError.Floor(dtype);
        var error = RelativeError.Rms(got, expected, scale ?? 1, cancelled: allowed);
        if (nudged is not null)
            allowed = Math.Max(allowed, Roundings * RelativeError.Rms(nudged, expected, scale ?? 1));
        Assert.True(error <= allowed, $"{what}: relative RMS difference {error:e2}, allowed {allowed:e2}");
    }
}
