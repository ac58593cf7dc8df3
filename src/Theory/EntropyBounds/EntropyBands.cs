namespace Attn.Theory.EntropyBounds;

/// <summary>Heads by where their mean entropy lies (Jha and Reagen 2025, arXiv 2501.03489, §3): the quarters of a maximum.</summary>
/// <param name="Collapsed">The share in [0, ¼]: one-hot rows.</param>
/// <param name="Low">In (¼, ½].</param>
/// <param name="High">In (½, ¾).</param>
/// <param name="Overloaded">In [¾, 1] and above: rows near the plain mean.</param>
public readonly record struct EntropyBands(double Collapsed, double Low, double High, double Overloaded)
{
    /// <summary>The shares of the four bands.</summary>
    /// <param name="entropies">One a head, in nats.</param>
    /// <param name="maximum">The paper takes the largest that any head has; <see cref="CausalEntropy.MeanMaximum"/> is the largest that one could have.</param>
    /// <exception cref="ArgumentException">There is no head, an entropy is not a number, or the maximum is not positive.</exception>
    public static EntropyBands Of(IReadOnlyCollection<double> entropies, double maximum)
    {
        Validate(entropies, maximum);
        double Share(Func<double, bool> inBand) => entropies.Count(entropy => inBand(entropy / maximum)) / (double)entropies.Count;
        return new(Share(e => e <= 0.25), Share(e => e is > 0.25 and <= 0.5), Share(e => e is > 0.5 and < 0.75), Share(e => e >= 0.75));
    }

    /// <summary>The share of heads at or above <paramref name="share"/> of the maximum.</summary>
    /// <inheritdoc cref="Of"/>
    /// <param name="entropies">One a head, in nats.</param>
    /// <param name="maximum">In nats, positive.</param>
    /// <param name="share">Such as 0.95.</param>
    public static double AtLeast(IReadOnlyCollection<double> entropies, double maximum, double share)
    {
        Validate(entropies, maximum);
        return entropies.Count(entropy => entropy >= share * maximum) / (double)entropies.Count;
    }

    private static void Validate(IReadOnlyCollection<double> entropies, double maximum)
    {
        ArgumentNullException.ThrowIfNull(entropies);
        if (entropies.Count == 0)
            throw new ArgumentException("entropies: got none, needs at least one.", nameof(entropies));
        if (entropies.Any(double.IsNaN))
            throw new ArgumentException("entropies: got NaN, needs numbers.", nameof(entropies));
        if (!(maximum > 0 && double.IsFinite(maximum)))
            throw new ArgumentException($"maximum: got {maximum}, needs a positive number.", nameof(maximum));
    }
}
