using System.Globalization;

namespace Attn.Theory.LengthCollapse;

/// <summary>
/// What theory says of attenuation for n tokens whose scaled logits have standard deviation σ_s. A temperature τ makes σ_s/τ of it.
/// </summary>
/// <remarks>
/// <see cref="TheoremThree"/> is printed as a bound of σ_a and is none (Zhou et al. 2024, arXiv 2410.24200). <see cref="IidSigma"/>,
/// <see cref="Independent"/> and <see cref="Aligned"/> are limits for large n, <see cref="BoundedLogits"/> is a bound. All throw an
/// <see cref="ArgumentException"/> for numbers out of range.
/// </remarks>
public static class AttenuationLaw
{
    /// <summary>The right-hand side of Theorem 3, √(n / (2√(1 + e^{−2σ_s²})(n−1)^{3/2} + 1)), which falls like n^{−1/4}.</summary>
    /// <param name="tokens">n, at least 1.</param>
    /// <param name="sigma">σ_s, at least 0.</param>
    public static double TheoremThree(int tokens, double sigma)
    {
        Validate(tokens, 1, sigma);
        return Math.Sqrt(tokens / (2 * Math.Sqrt(1 + Math.Exp(-2 * sigma * sigma)) * Math.Pow(tokens - 1, 1.5) + 1));
    }

    /// <summary>
    /// σ_a ≈ 2√((e^{σ_s²} − 1)/n) for independent Gaussian logits: entries of A are then nearly independent, of variance (e^{σ_s²} − 1)/n², and
    /// this is the edge of their singular values (Marchenko and Pastur).
    /// </summary>
    /// <inheritdoc cref="TheoremThree"/>
    public static double IidSigma(int tokens, double sigma)
    {
        Validate(tokens, 1, sigma);
        return 2 * Math.Sqrt(Excess(sigma) / tokens);
    }

    /// <summary>
    /// ρ ≈ √((e^{σ_s²} − 1)/(n−1)) for values that know nothing of the logits, whatever the logits' rank: ‖HC[A]‖²_F tends to e^{σ_s²} − 1, and
    /// the values spread over n − 1 directions.
    /// </summary>
    /// <param name="tokens">n, at least 2.</param>
    /// <param name="sigma">σ_s before the temperature, at least 0.</param>
    /// <param name="temperature">τ, positive.</param>
    public static double Independent(int tokens, double sigma, double temperature = 1)
    {
        Validate(tokens, 2, sigma);
        return Math.Sqrt(Excess(Cooled(sigma, temperature)) / (tokens - 1));
    }

    /// <summary>
    /// ρ → σ_s/√d for values that are the keys, Gaussian in d channels: softmax moves a query's mean key to σ_k²q/√d, however many keys there
    /// are.
    /// </summary>
    /// <param name="dim">d, at least 1.</param>
    /// <param name="sigma">σ_s before the temperature, at least 0.</param>
    /// <param name="temperature">τ, positive.</param>
    public static double Aligned(int dim, double sigma, double temperature = 1)
    {
        if (dim < 1)
            throw new ArgumentException($"dim: got {dim}, needs at least 1.", nameof(dim));
        Validate(1, 1, sigma);
        return Cooled(sigma, temperature) / Math.Sqrt(dim);
    }

    /// <summary>
    /// ‖HC[A]‖_F ≤ sinh M, and so σ_a ≤ sinh M, where no row's logits lie further than 2M apart. No decay with n is claimed, and there is none.
    /// </summary>
    /// <remarks>
    /// ‖HC[A]‖²_F = Σ a_ij² − nΣ ā_j² ≤ Σ a_ij² − 1, and in a row n·Σ_j a_ij² is E[Y²]/E[Y]² of Y = e^s, at most cosh²M by Kantorovich's
    /// inequality for Y between e^{−M} and e^M. <see cref="TightPattern"/> attains it.
    /// </remarks>
    /// <param name="halfRange">M, at least 0.</param>
    public static double BoundedLogits(double halfRange)
    {
        NotNegative(halfRange, nameof(halfRange));
        return Math.Sinh(halfRange);
    }

    /// <summary>
    /// Logits that attain <see cref="BoundedLogits"/>: each row has <paramref name="high"/> logits M and n − high logits −M, shifted by one place
    /// from row to row, with M = ½ ln((n − high)/high).
    /// </summary>
    /// <param name="tokens">n, at least 2.</param>
    /// <param name="high">At least 1, at most n/2.</param>
    /// <returns>M and the logits <c>[n,n]</c>.</returns>
    public static (double HalfRange, double[,] Logits) TightPattern(int tokens, int high)
    {
        Validate(tokens, 2, 0);
        if (high < 1 || 2 * high > tokens)
            throw new ArgumentException($"high: got {high}, needs a number from 1 to n/2 = {tokens / 2}.", nameof(high));
        var half = Math.Log((tokens - high) / (double)high) / 2;
        var logits = new double[tokens, tokens];
        for (var i = 0; i < tokens; i++)
            for (var j = 0; j < tokens; j++)
                logits[i, j] = (i + j) % tokens < high ? half : -half;
        return (half, logits);
    }

    private static double Excess(double sigma) => Math.Exp(sigma * sigma) - 1;

    private static double Cooled(double sigma, double temperature)
    {
        TempScale.Validate(temperature);
        return sigma / temperature;
    }

    private static void Validate(int tokens, int least, double sigma)
    {
        if (tokens < least)
            throw new ArgumentException($"tokens: got {tokens}, needs at least {least}.", nameof(tokens));
        NotNegative(sigma, nameof(sigma));
    }

    private static void NotNegative(double number, string name)
    {
        if (!(number >= 0 && double.IsFinite(number)))
            throw new ArgumentException($"{name}: got {number.ToString(CultureInfo.InvariantCulture)}, needs a finite number of at least 0.", name);
    }
}
