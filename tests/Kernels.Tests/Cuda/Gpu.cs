using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Cuda;

/// <summary>What tests of CUDA kernels need.</summary>
internal static class Gpu
{
    /// <summary>Tests with this trait are those to run on a machine with a GPU.</summary>
    public const string Trait = "GPU";

    private const long Poisoned = 1 << 26;

    /// <summary>Skips the test where kernels cannot run.</summary>
    public static void SkipWithout() => Assert.SkipUnless(cuda.is_available() && CudaKernels.Reason is null, "not run: needs a GPU");

    /// <summary>Fills memory that later tensors get with NaN: what a kernel does not write, shows.</summary>
    public static void Poison() => full([Poisoned], double.NaN, ScalarType.Float32, CUDA).Dispose();

    /// <summary>
    /// ‖got − exact‖ / ‖exact‖ is at most twice what the plain computation of inputs of the same dtype is off, and a unit of rounding. The plain one has
    /// its weights in float32 and rounds its results alone.
    /// </summary>
    /// <param name="what">What is compared, for the message.</param>
    /// <param name="got">The kernel's.</param>
    /// <param name="plain">The formula's, in the same dtype.</param>
    /// <param name="exact">The formula's, in float64.</param>
    /// <param name="scale">What an exact zero is measured against.</param>
    /// <param name="times">For what has an excuse.</param>
    public static void AssertAsGood(string what, Tensor got, Tensor plain, Tensor exact, double scale = 1, double times = 2)
    {
        var (error, allowed) = (RelativeError.Rms(got, exact, scale), times * RelativeError.Rms(plain, exact, scale) + 1e-5);
        Assert.True(error <= allowed, $"{what}: {error:e2} over {allowed:e2}");
    }
}
