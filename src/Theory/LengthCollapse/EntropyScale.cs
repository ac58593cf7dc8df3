namespace Attn.Theory.LengthCollapse;

/// <summary>
/// The logit scale for a number of tokens that a model was not trained at (Jin et al. 2023, arXiv 2306.08645): λ = √(log_T N / d) in place of
/// 1/√d, T tokens at training and N now. It is 1/√d at N = T, sharper above, flatter below.
/// </summary>
/// <remarks>N is the number of keys, at the level at hand of a U-Net; cross-attention has a fixed number and is left alone.</remarks>
public static class EntropyScale
{
    /// <summary>The exponent of the paper's factor.</summary>
    public const double Root = 0.5;

    private const int LeastTokens = 2; // ln 1 is 0.

    /// <summary>(ln N / ln T)^p, what logits at 1/√d are multiplied with.</summary>
    /// <param name="trainTokens">T, at least 1; 1 counts as 2.</param>
    /// <param name="tokens">N, as <paramref name="trainTokens"/>.</param>
    /// <param name="power">p: ½ is the paper's; 0 changes nothing, 1 is log-N scaling, −½ the inverse.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double Factor(int trainTokens, int tokens, double power = Root)
    {
        Positive(trainTokens, nameof(trainTokens));
        Positive(tokens, nameof(tokens));
        if (!double.IsFinite(power))
            throw new ArgumentException($"power: got {power}, needs a finite number.", nameof(power));
        return Math.Pow(Math.Log(Math.Max(tokens, LeastTokens)) / Math.Log(Math.Max(trainTokens, LeastTokens)), power);
    }

    /// <summary>λ = √(log_T N / d), to be given as the scale of a softmax attention.</summary>
    /// <param name="dim">d, channels of a head, at least 1.</param>
    /// <param name="trainTokens">T.</param>
    /// <param name="tokens">N.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double Lambda(int dim, int trainTokens, int tokens)
    {
        Positive(dim, nameof(dim));
        return Factor(trainTokens, tokens) / Math.Sqrt(dim);
    }

    private static void Positive(int number, string name)
    {
        if (number < 1)
            throw new ArgumentException($"{name}: got {number}, needs at least 1.", name);
    }
}
