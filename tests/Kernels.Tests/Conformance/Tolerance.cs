using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Assertions that two ways to compute the same tensors differ by rounding alone.</summary>
internal static class Tolerance
{
    // What rounding to float32 shows of a problem's condition, carried over to float64; a hundredfold, for either may be lucky once.
    private const double FromSingle = 100.0 / (1 << 29);

    /// <summary>Asserts it of named tensors.</summary>
    /// <param name="what">What is compared, for the message.</param>
    /// <param name="got">One way's tensors.</param>
    /// <param name="expected">The other way's.</param>
    /// <param name="dtype">What they were computed in.</param>
    /// <param name="single">The expected tensors as float32 has them, which tell of a draw that loses digits to cancellation, whichever way it is computed; null where none does.</param>
    public static void AssertAgree(
        string what, IReadOnlyDictionary<string, Tensor> got, IReadOnlyDictionary<string, Tensor> expected, ScalarType dtype, IReadOnlyDictionary<string, Tensor>? single = null)
    {
        Assert.Equal(expected.Keys.Order(), got.Keys.Order());
        var scale = RelativeError.LargestNorm(expected.Values);
        foreach (var (name, value) in expected)
            AssertAgree($"{what}: {name}", got[name], value, dtype, scale, single?[name]);
    }

    /// <summary>Asserts it of one tensor.</summary>
    public static void AssertAgree(string what, Tensor got, Tensor expected, ScalarType dtype, double? scale = null, Tensor? single = null)
    {
        Assert.True(got.shape.SequenceEqual(expected.shape), $"{what}: shape [{string.Join(",", got.shape)}], expected [{string.Join(",", expected.shape)}]");
        // Where two large terms cancel, both ways leave only the rounding of those terms: that is measured against the terms.
        var allowed = 10 * RelativeError.Floor(dtype);
        var error = RelativeError.Rms(got, expected, scale ?? 1, cancelled: allowed);
        if (single is not null)
            allowed = Math.Max(allowed, FromSingle * RelativeError.Rms(single, expected, scale ?? 1));
        Assert.True(error <= allowed, $"{what}: relative RMS difference {error:e2}, allowed {allowed:e2}");
    }
}
