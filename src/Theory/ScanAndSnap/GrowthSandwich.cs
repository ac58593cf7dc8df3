using Attn.Theory.Numerics;

namespace Attn.Theory.ScanAndSnap;

/// <summary>Where the growth of a class's dominant token lies between the bounds of Theorem 3, e^{2f²(0)B} ≤ χ ≤ e^{2B}.</summary>
public static class GrowthSandwich
{
    /// <summary>
    /// (ln χ/2B − f²(0))/(1 − f²(0)) of class 0 after some steps of Lemma 4: 0 on the lower bound, 1 on the upper one.
    /// </summary>
    /// <param name="weights">[K, S] positive weights, K ≥ 2: column 0 is a token that all classes share, the others are distinct tokens of each
    /// class. Each row is divided by its sum.</param>
    /// <param name="steps">Steps of length 1, at η_Y = 1.</param>
    /// <param name="etaZ">η_Z.</param>
    /// <exception cref="ArgumentException">Fewer than two classes or tokens, or a weight that is not positive and finite.</exception>
    public static double Position(double[,] weights, int steps = 30, double etaZ = 0.5)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var (classes, tokens) = (weights.GetLength(0), weights.GetLength(1));
        if (classes < 2 || tokens < 2)
            throw new ArgumentException($"weights: got [{classes}, {tokens}], needs at least two rows and two columns.", nameof(weights));
        foreach (var weight in weights)
            if (!(weight > 0 && double.IsFinite(weight)))
                throw new ArgumentException($"weights: got {weight}, needs positive finite numbers.", nameof(weights));

        var (distinct, vocabulary) = (tokens - 1, 1 + classes * tokens + 1);
        var contexts = new double[classes, vocabulary];
        for (var n = 0; n < classes; n++)
        {
            contexts[n, 0] = weights[n, 0];
            for (var l = 0; l < distinct; l++)
                contexts[n, 1 + n * distinct + l] = weights[n, 1 + l];
        }

        var data = SequenceClasses.Custom(contexts, [.. Enumerable.Repeat(vocabulary - 1, classes)],
            [.. Enumerable.Range(1 + classes * distinct, classes)]);
        var dominant = data.DistinctTokens(0).MaxBy(l => data.Probability(0, l));
        var share = data.Probability(0, dominant) / Math.Sqrt(data.Class(0).Probabilities.Sum(p => p * p));
        var ode = new LemmaFourOde(data, etaY: 1, etaZ);
        for (var t = 0; t < steps; t++)
            ode.Step();
        var growth = ode.Model.AttentionLogits(vocabulary - 1)[dominant] / ode.B[0]; // ln χ/2B; exp and log would lose it where both are tiny.
        return (growth - share * share) / (1 - share * share);
    }

    /// <summary>Positions of random classes: 2 to 4 of them, with 1 to 4 distinct tokens each and weights over a range of e⁴.</summary>
    /// <param name="draws">How many.</param>
    /// <param name="seed">Fixes them.</param>
    /// <param name="steps">Steps of each.</param>
    /// <param name="climb">Then so many changes of one weight, each kept where the lowest position sinks: a climb against the lower bound.</param>
    public static double[] Positions(int draws, long seed, int steps = 12, int climb = 0)
    {
        var random = new Xoshiro256(seed);
        var positions = new List<double>();
        var (lowest, worst) = (double.PositiveInfinity, new double[0, 0]);
        for (var i = 0; i < draws + climb; i++)
        {
            var weights = i < draws ? Draw(random) : Change(worst, random);
            positions.Add(Position(weights, steps));
            if (positions[^1] < lowest)
                (lowest, worst) = (positions[^1], weights);
        }

        return [.. positions];
    }

    private static double[,] Draw(Xoshiro256 random)
    {
        var weights = new double[2 + random.NextIndex(3), 2 + random.NextIndex(4)];
        for (var n = 0; n < weights.GetLength(0); n++)
            for (var l = 0; l < weights.GetLength(1); l++)
                weights[n, l] = Math.Exp(4 * (random.NextDouble() - 0.5));
        return weights;
    }

    private static double[,] Change(double[,] weights, Xoshiro256 random)
    {
        var changed = (double[,])weights.Clone();
        changed[random.NextIndex(weights.GetLength(0)), random.NextIndex(weights.GetLength(1))] *= Math.Exp(random.NextDouble() - 0.5);
        return changed;
    }
}
