using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Assertions that two ways to compute the same tensors differ by rounding alone.</summary>
internal static class Tolerance
{
    /// <summary>Asserts it of named tensors.</summary>
    public static void AssertAgree(string what, IReadOnlyDictionary<string, Tensor> got, IReadOnlyDictionary<string, Tensor> expected, ScalarType dtype)
    {
        Assert.Equal(expected.Keys.Order(), got.Keys.Order());
        var scale = RelativeError.LargestNorm(expected.Values);
        foreach (var (name, value) in expected)
            AssertAgree($"{what}: {name}", got[name], value, dtype, scale);
    }

    /// <summary>Asserts it of one tensor.</summary>
    public static void AssertAgree(string what, Tensor got, Tensor expected, ScalarType dtype, double? scale = null)
    {
        Assert.True(got.shape.SequenceEqual(expected.shape), $"{what}: shape [{string.Join(",", got.shape)}], expected [{string.Join(",", expected.shape)}]");
        // Where two large terms cancel, both ways leave only the rounding of those terms: that is measured against the terms.
        var allowed = 10 * RelativeError.Floor(dtype);
        var error = RelativeError.Rms(got, expected, scale ?? 1, cancelled: allowed);
        Assert.True(error <= allowed, $"{what}: relative RMS difference {error:e2}, allowed {allowed:e2}");
    }
}
