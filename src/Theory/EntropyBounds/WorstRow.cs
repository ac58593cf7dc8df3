using Attn.Theory.Numerics;
using static TorchSharp.torch;

namespace Attn.Theory.EntropyBounds;

/// <summary>
/// A search for rows of logits that break a lower bound of entropy: from random rows, gradient steps on the sphere ‖L − mean L‖₂ = σ down the
/// margin Ent(softmax(L)) − bound. Random draws alone come nowhere near the worst row.
/// </summary>
public static class WorstRow
{
    private const double FirstStep = 0.5; // As a share of σ.
    private const double LastStep = 1e-6;

    /// <summary>The least margin that was found, and its row.</summary>
    /// <param name="tokens">T, at least 2.</param>
    /// <param name="sigma">σ, positive.</param>
    /// <param name="bound">What entropy is said not to fall below, in nats, such as <see cref="EntropyBound.Lower(int, double)"/>.</param>
    /// <param name="starts">How many random rows to start from.</param>
    /// <param name="steps">Steps from each; they shrink geometrically.</param>
    /// <param name="seed">Fixes the starts.</param>
    /// <returns>The margin in nats, below 0 where the bound is broken, and the row <c>[T]</c>, float64.</returns>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static (double Margin, Tensor Row) Search(int tokens, double sigma, double bound, int starts = 64, int steps = 300, ulong seed = 1)
    {
        if (tokens < 2)
            throw new ArgumentException($"tokens: got {tokens}, needs at least 2.", nameof(tokens));
        if (!(sigma > 0 && double.IsFinite(sigma)))
            throw new ArgumentException($"sigma: got {sigma.ToString(System.Globalization.CultureInfo.InvariantCulture)}, needs a positive finite number.", nameof(sigma));
        if (starts < 1)
            throw new ArgumentException($"starts: got {starts}, needs at least 1.", nameof(starts));
        if (steps < 1)
            throw new ArgumentException($"steps: got {steps}, needs at least 1.", nameof(steps));
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        var rows = GradientSearch.Run(
            Entropy, OnSphere(randn([starts, tokens], ScalarType.Float64, generator: generator), sigma), steps, FirstStep, LastStep,
            (at, gradient, share) => OnSphere(at - share * sigma * Unit(gradient), sigma));
        var (least, index) = Entropy(rows).min(0);
        return (least.item<double>() - bound, rows[index.item<long>()].clone().MoveToOuterDisposeScope());
    }

    // Written out, for its gradient: −Σ p ln p.
    private static Tensor Entropy(Tensor logits) => -(logits.softmax(-1) * logits.log_softmax(-1)).sum(-1);

    private static Tensor OnSphere(Tensor rows, double radius) => radius * Unit(rows - rows.mean([-1], true));

    private static Tensor Unit(Tensor rows) => rows / linalg.vector_norm(rows, dims: [-1], keepdim: true).clamp_min(double.Epsilon);
}
