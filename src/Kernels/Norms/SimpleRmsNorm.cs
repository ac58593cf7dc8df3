using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Root-mean-square normalisation without a gain, x / √(mean(x²) + ε) over the last dimension (Qin et al. 2023, SRMSNorm).</summary>
public static class SimpleRmsNorm
{
    /// <summary>The released code's ε, inside the mean of squares.</summary>
    public const double DefaultEpsilon = 1e-6;

    /// <summary>Normalises each vector to length √d; a vector much shorter than √(d·ε) stays shorter.</summary>
    /// <param name="x"><c>[…,d]</c>; half precision is summed in float32.</param>
    /// <param name="epsilon">ε, positive.</param>
    /// <returns>The same shape and dtype.</returns>
    public static Tensor Apply(Tensor x, double epsilon = DefaultEpsilon)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
            Arguments.Fail(nameof(epsilon), epsilon.ToString(System.Globalization.CultureInfo.InvariantCulture), "a positive number");
        using var scope = NewDisposeScope();
        var wide = x.Widen();
        return (wide * (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt()).to(x.dtype).MoveToOuterDisposeScope();
    }
}
