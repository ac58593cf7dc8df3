using Attn.Theory.Numerics;
using static TorchSharp.torch;

namespace Attn.Theory.LengthCollapse;

/// <summary>Looks for the attention pattern that a bound of low-pass filtering is worst for, by gradient ascent from random ones.</summary>
public static class WorstPattern
{
    private const double FirstStep = 0.3, LastStep = 1e-4; // As a share of the point's length.
    private const double LeastLength = 1e-300; // So that no gradient means no step.

    /// <summary>The largest ‖HC[AXW]‖_F / (σ_a‖W‖₂‖HC[X]‖_F) found over logits of A, tokens X and square W together; Theorem 2 says at most 1.</summary>
    /// <param name="tokens">n, at least 2.</param>
    /// <param name="dim">d, at least 1.</param>
    /// <param name="starts">Random points to start from.</param>
    /// <param name="steps">Steps from each.</param>
    /// <param name="seed">Fixes the starts.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double TheoremTwo(int tokens, int dim, int starts = 16, int steps = 300, ulong seed = 1)
    {
        AtLeast(tokens, 2, nameof(tokens));
        AtLeast(dim, 1, nameof(dim));
        var (logits, values) = (tokens * tokens, tokens * dim);
        return Search(logits + values + dim * dim, starts, steps, seed, points =>
        {
            var pattern = points.narrow(1, 0, logits).reshape(-1, tokens, tokens).softmax(-1);
            var x = points.narrow(1, logits, values).reshape(-1, tokens, dim);
            return LowPass.TheoremTwo(pattern, x, points.narrow(1, logits + values, dim * dim).reshape(-1, dim, dim));
        });
    }

    /// <summary>The largest ‖HC[A]‖_F / sinh M found over logits between −M and M; <see cref="AttenuationLaw.BoundedLogits"/> says at most 1.</summary>
    /// <param name="tokens">n, at least 2.</param>
    /// <param name="halfRange">M, positive.</param>
    /// <param name="starts">Random points to start from.</param>
    /// <param name="steps">Steps from each.</param>
    /// <param name="seed">Fixes the starts.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double BoundedLogits(int tokens, double halfRange, int starts = 16, int steps = 300, ulong seed = 1)
    {
        AtLeast(tokens, 2, nameof(tokens));
        if (!(halfRange > 0))
            throw new ArgumentException($"halfRange: got {halfRange}, needs a positive number.", nameof(halfRange));
        var bound = AttenuationLaw.BoundedLogits(halfRange);
        return Search(tokens * tokens, starts, steps, seed, points =>
            TokenSpectrum.Norm(TokenSpectrum.Hc((halfRange * points.tanh()).reshape(-1, tokens, tokens).softmax(-1))) / bound);
    }

    private static double Search(int size, int starts, int steps, ulong seed, Func<Tensor, Tensor> ratio)
    {
        AtLeast(starts, 1, nameof(starts));
        AtLeast(steps, 1, nameof(steps));
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        var best = double.NegativeInfinity;
        var points = GradientSearch.Run(
            ratio, randn([starts, size], ScalarType.Float64, generator: generator), steps, FirstStep, LastStep,
            (at, gradient, share) =>
            {
                best = Math.Max(best, ratio(at).max().item<double>());
                return at + share * Length(at) / Length(gradient).clamp_min(LeastLength) * gradient;
            });
        return Math.Max(best, ratio(points).max().item<double>());
    }

    private static Tensor Length(Tensor rows) => linalg.vector_norm(rows, dims: [-1], keepdim: true);

    private static void AtLeast(int number, int least, string name)
    {
        if (number < least)
            throw new ArgumentException($"{name}: got {number}, needs at least {least}.", name);
    }
}
