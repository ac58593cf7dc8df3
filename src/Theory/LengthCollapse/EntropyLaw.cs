using System.Globalization;

namespace Attn.Theory.LengthCollapse;

/// <summary>
/// The entropy of a softmax over N Gaussian logits of standard deviation σ (Jin et al. 2023, arXiv 2306.08645): ln N − σ²/2 nats, since
/// ln Σe^s ≈ ln N + σ²/2 and the mean logit under the weights is σ². It holds below the freezing point σ = √(2 ln N), where a few keys take
/// all (the random energy model); beyond it this is below the truth.
/// </summary>
public static class EntropyLaw
{
    /// <summary>ln N − σ²/2, in nats.</summary>
    /// <param name="tokens">N, at least 1.</param>
    /// <param name="sigma">σ, at least 0.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double Gaussian(int tokens, double sigma)
    {
        Validate(tokens, 1, nameof(tokens));
        Validate(sigma);
        return Math.Log(tokens) - sigma * sigma / 2;
    }

    /// <summary>The entropy's slope in ln N under the factor (ln N/ln T)^½: 1 − σ²/(2 ln T), in place of 1. It is 0 at the freezing point alone.</summary>
    /// <param name="trainTokens">T, at least 2.</param>
    /// <param name="sigma">σ at T, at least 0.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double ScaledSlope(int trainTokens, double sigma)
    {
        Validate(trainTokens, 2, nameof(trainTokens));
        Validate(sigma);
        return 1 - sigma * sigma / (2 * Math.Log(trainTokens));
    }

    /// <summary>The freezing point √(2 ln N). The factor keeps σ's share of it.</summary>
    /// <param name="tokens">N, at least 1.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double Freezing(int tokens)
    {
        Validate(tokens, 1, nameof(tokens));
        return Math.Sqrt(2 * Math.Log(tokens));
    }

    private static void Validate(int tokens, int least, string name)
    {
        if (tokens < least)
            throw new ArgumentException($"{name}: got {tokens}, needs at least {least}.", name);
    }

    private static void Validate(double sigma)
    {
        if (!(sigma >= 0 && double.IsFinite(sigma)))
            throw new ArgumentException($"sigma: got {sigma.ToString(CultureInfo.InvariantCulture)}, needs a finite number of at least 0.", nameof(sigma));
    }
}
