using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Sharpens attention weights: A′ = B/‖B‖₁ with B = ReLU(N·A − o)^p, row by row, where N is the number of keys that the row sees. With o = 1
/// whatever is at or below the uniform weight 1/N is cut to 0 (Gao and Spratling 2025, arXiv 2501.13428, the re-weighting of LSSAR).
/// </summary>
/// <remarks>
/// Only ratios count, so that the power is taken of what is left of 1: (b/max b)^p cannot overflow. Excess over the mean is reckoned from the
/// row's largest weight, max A − A, since N·A − 1 is nothing but rounding where all weights are equal, and p would blow that up. Such a row
/// has no largest weight to prefer and keeps A, as does a row of zeros; rows of up to <see cref="UncutKeys"/> keys are not cut.
/// </remarks>
public static class Reweighting
{
    /// <summary>The authors' power.</summary>
    public const double DefaultPower = 15;

    /// <summary>Rows that see no more keys than this have o = 0: a single key is never above the uniform weight.</summary>
    public const int UncutKeys = 3;

    /// <summary>The sharpened weights. Differentiable; what is cut has no gradient.</summary>
    /// <param name="weights">A, <c>[…,Tq,Tk]</c>, not negative, rows of sum 1 or 0, and 0 where hidden.</param>
    /// <param name="visible">Boolean, broadcastable to the weights, true where a query may see a key; null where it sees all.</param>
    /// <param name="power">p, at least 1. As it grows, a row becomes one-hot at its largest weight.</param>
    /// <param name="offset">o, from 0 (nothing is cut) to 1.</param>
    /// <returns><c>[…,Tq,Tk]</c> in the dtype of <paramref name="weights"/>, rows of the sum that they had.</returns>
    /// <exception cref="ArgumentException">A power or an offset out of its range.</exception>
    public static Tensor Apply(Tensor weights, Tensor? visible = null, double power = DefaultPower, double offset = 1)
    {
        Check(power);
        if (!(offset is >= 0 and <= 1))
            Arguments.Fail(nameof(offset), Text(offset), "a number from 0 to 1");
        using var scope = NewDisposeScope();
        var keys = visible is null ? full([1], weights.size(-1), weights.dtype, weights.device) : visible.sum(-1, keepdim: true).to(weights.dtype);
        var cut = offset * (keys > UncutKeys).to(weights.dtype);
        var largest = weights.detach().amax([-1], keepdim: true);
        var below = weights - largest;
        if (visible is not null)
            below = below.masked_fill(~visible, 0);
        var excess = ((1 - cut) * largest + below - cut * below.sum(-1, keepdim: true) / keys.clamp_min(1)).relu();
        if (visible is not null)
            excess = excess.masked_fill(~visible, 0);

        var most = excess.detach().amax([-1], keepdim: true);
        var equal = most == 0;
        var sharp = (excess / most.masked_fill(equal, 1)).pow(power);
        sharp = sharp / sharp.sum(-1, keepdim: true).masked_fill(equal, 1);
        return weights.where(equal, sharp).MoveToOuterDisposeScope();
    }

    /// <summary>Checks a power, or that there is none.</summary>
    internal static void Check(double? power)
    {
        if (power is { } given && !(given >= 1 && double.IsFinite(given)))
            Arguments.Fail(nameof(power), Text(given), "a finite number of at least 1");
    }

    private static string Text(double number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
