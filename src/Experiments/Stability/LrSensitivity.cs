namespace Attn.Experiments;

/// <summary>
/// How much a choice of learning rate costs: the mean over rates of min(loss, ℓ₀) − ℓ*, ℓ₀ the loss before training and ℓ* the least over
/// the rates (Wortsman et al. 2023, §2.2).
/// </summary>
public static class LrSensitivity
{
    /// <summary>The sensitivity over a grid of rates, in nats; 0 when every rate does as well as the best.</summary>
    /// <param name="losses">Final losses, one a rate; one that is not a number counts as ℓ₀.</param>
    /// <param name="initial">ℓ₀.</param>
    /// <exception cref="ArgumentException">There is no loss, or ℓ₀ is not finite.</exception>
    public static double Of(IEnumerable<double> losses, double initial)
    {
        if (!double.IsFinite(initial))
            throw new ArgumentException($"initial: got {initial}, needs a finite loss.", nameof(initial));
        double[] capped = [.. losses.Select(loss => double.IsNaN(loss) ? initial : Math.Min(loss, initial))];
        return capped.Length > 0
            ? capped.Average() - capped.Min()
            : throw new ArgumentException("losses: got none, needs at least one.", nameof(losses));
    }
}
