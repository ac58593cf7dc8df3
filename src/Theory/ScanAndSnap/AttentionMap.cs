namespace Attn.Theory.ScanAndSnap;

/// <summary>What a model attends to, in the limit of long contexts: c_{l|n} ∝ P(l|n) exp(z_ml).</summary>
public static class AttentionMap
{
    /// <summary>c_{l|n} of class <paramref name="n"/> (a position in the data's classes), length M, sum 1.</summary>
    public static double[] C(SequenceClasses data, ScanSnapModel model, int n)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Vocabulary != data.Vocabulary)
            throw new ArgumentException($"model: got a vocabulary of {model.Vocabulary}, needs the data's {data.Vocabulary}.", nameof(model));
        var (tokens, probabilities, query, _) = data.Class(n);
        var logits = model.AttentionLogits(query);
        var largest = double.NegativeInfinity;
        foreach (var token in tokens)
            largest = Math.Max(largest, logits[token]);
        var c = new double[data.Vocabulary];
        for (var i = 0; i < tokens.Count; i++)
            c[tokens[i]] = probabilities[i] * Math.Exp(logits[tokens[i]] - largest);
        var sum = c.Sum();
        for (var l = 0; l < c.Length; l++)
            c[l] /= sum;
        return c;
    }

    /// <summary>The entropy in nats of <paramref name="c"/> restricted to <paramref name="tokens"/> and renormalised; between 0 and ln of
    /// their number.</summary>
    /// <exception cref="ArgumentException">The restricted weights sum to 0.</exception>
    public static double Entropy(ReadOnlySpan<double> c, IReadOnlyList<int> tokens)
    {
        var sum = 0.0;
        foreach (var token in tokens)
            sum += c[token];
        if (!(sum > 0))
            throw new ArgumentException("tokens: got tokens whose weights sum to 0, needs a positive sum.", nameof(tokens));
        var entropy = 0.0;
        foreach (var token in tokens)
            if (c[token] > 0)
                entropy -= c[token] / sum * Math.Log(c[token] / sum);
        return entropy;
    }

    /// <summary>The mean over classes of the entropy, in nats, of attention over the class's distinct tokens (figures 4 to 6).</summary>
    public static double DistinctEntropy(SequenceClasses data, ScanSnapModel model)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Enumerable.Range(0, data.Count).Average(n => Entropy(C(data, model, n), data.DistinctTokens(n)));
    }

    /// <summary>How far each token tells the class: max_n P(l|n)/Σ_n P(l|n), 1 of a distinct token and 1/K of one that all K classes share
    /// alike; 0 of one that no context has. Length M.</summary>
    public static double[] Distinctness(SequenceClasses data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (largest, sum) = (new double[data.Vocabulary], new double[data.Vocabulary]);
        foreach (var (tokens, probabilities, _, _) in data.Classes)
            foreach (var (token, p) in tokens.Zip(probabilities))
            {
                largest[token] = Math.Max(largest[token], p);
                sum[token] += p;
            }

        return [.. largest.Zip(sum, (most, all) => all > 0 ? most / all : 0)];
    }

    /// <summary>r_{l/l'} = c̃_l²/c̃_l'² − 1 of two tokens of a class, c̃_l = P(l|n) exp(z_ml) (Theorem 3).</summary>
    public static double RelativeGain(SequenceClasses data, ScanSnapModel model, int n, int l, int other)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(model);
        var z = model.AttentionLogits(data.Class(n).Query);
        var ratio = data.Probability(n, l) / data.Probability(n, other);
        return ratio * ratio * Math.Exp(2 * (z[l] - z[other])) - 1;
    }

    /// <summary>χ_l = exp(2(z_ml − z_ml(0))), by which a distinct token's relative gains grow (Theorem 3); for Z(0) = 0.</summary>
    public static double GrowthFactor(SequenceClasses data, ScanSnapModel model, int n, int l)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(model);
        return Math.Exp(2 * model.AttentionLogits(data.Class(n).Query)[l]);
    }

    /// <summary>Q_l = (1 − exp(−2 z_ml))/P(l|n)²: the same for all distinct tokens of a class exactly when Theorem 3's law holds from Z(0) = 0.</summary>
    public static double ConservedQuantity(SequenceClasses data, ScanSnapModel model, int n, int l)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(model);
        var p = data.Probability(n, l);
        return -double.ExpM1(-2 * model.AttentionLogits(data.Class(n).Query)[l]) / (p * p);
    }

    /// <summary>r/(r₀χ) of the most frequent distinct token of class <paramref name="n"/> against each less frequent one, in the order of their
    /// ids: 1 where Theorem 3's law holds. For Z(0) = 0.</summary>
    public static double[] LawRatios(SequenceClasses data, ScanSnapModel model, int n)
    {
        ArgumentNullException.ThrowIfNull(data);
        var start = new ScanSnapModel(data.Vocabulary);
        var tokens = data.DistinctTokens(n);
        var dominant = tokens.MaxBy(l => data.Probability(n, l));
        return [.. tokens.Where(l => data.Probability(n, l) < data.Probability(n, dominant)).Select(l =>
            RelativeGain(data, model, n, dominant, l)
                / (RelativeGain(data, start, n, dominant, l) * GrowthFactor(data, model, n, dominant)))];
    }

    /// <summary>How far Theorem 3's law is missed: the largest |1 − r/(r₀χ)| of <see cref="LawRatios"/>; 0 of none.</summary>
    public static double LawError(SequenceClasses data, ScanSnapModel model, int n) =>
        LawRatios(data, model, n).Select(ratio => Math.Abs(1 - ratio)).DefaultIfEmpty().Max();
}
