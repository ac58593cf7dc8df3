using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The guards that make running maxima of −∞ (rows that saw no key yet) harmless.</summary>
internal static class OnlineSoftmax
{
    /// <summary>The maximum, or 0 where it is −∞, so that e^(−∞ − max) is 0 and not NaN.</summary>
    public static Tensor Safe(Tensor maximum) => maximum.masked_fill(maximum.isneginf(), 0);

    /// <summary>The sum, or 1 where it is 0, so that dividing a row of zeros leaves zeros.</summary>
    public static Tensor Divisor(Tensor sum) => sum.masked_fill(sum == 0, 1);
}
