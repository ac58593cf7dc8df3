using Attn.Theory.Numerics;
using static TorchSharp.torch;

namespace Attn.Theory.EntropyBounds;

/// <summary>
/// A search for updates that come near the bound of <see cref="AdamStep"/>, or below: from random means at noise 1, gradient steps down the
/// ratio of the spectral norm and the bound.
/// </summary>
public static class WorstUpdate
{
    private const double FirstStep = 0.3, LastStep = 3e-4;

    /// <summary>The least ratio ‖Δ‖₂/bound that was found, and its mean gradient.</summary>
    /// <param name="width">w, at least 1.</param>
    /// <param name="starts">How many random means to start from.</param>
    /// <param name="steps">Steps from each; they shrink geometrically.</param>
    /// <param name="seed">Fixes the starts.</param>
    /// <returns>The ratio, below 1 where the bound is broken, and μ <c>[w,w]</c>, float64.</returns>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static (double Ratio, Tensor Mean) Search(int width, int starts = 32, int steps = 400, ulong seed = 1)
    {
        if (width < 1)
            throw new ArgumentException($"width: got {width}, needs at least 1.", nameof(width));
        if (starts < 1)
            throw new ArgumentException($"starts: got {starts}, needs at least 1.", nameof(starts));
        if (steps < 1)
            throw new ArgumentException($"steps: got {steps}, needs at least 1.", nameof(steps));
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        var means = GradientSearch.Run(
            Ratio, randn([starts, width, width], ScalarType.Float64, generator: generator), steps, FirstStep, LastStep,
            (at, gradient, size) => at - size * gradient);
        var (least, index) = Ratio(means).min(0);
        return (least.item<double>(), means[index.item<long>()].clone().MoveToOuterDisposeScope());
    }

    private static Tensor Ratio(Tensor means)
    {
        var noise = ones_like(means);
        return linalg.svdvals(AdamStep.Ideal(means, noise)).amax([-1]) / AdamStep.Lower(means, noise);
    }
}
