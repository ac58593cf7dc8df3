using Attn.Theory.Numerics;

namespace Attn.Theory.ScanAndSnap;

/// <summary>How far the iterated decoder is from its closed forms (Lemmas 5 to 7, Theorem 1).</summary>
public static class DecoderErrors
{
    /// <summary>The largest |w_n − (M − 1)h*(s) ζ_n| over classes, logits and steps, when classes are visited in random order.</summary>
    /// <param name="contexts">K vectors f_n of unit length; class n is followed by token n.</param>
    /// <param name="vocabulary">M, at least K.</param>
    /// <param name="etaY">η_Y.</param>
    /// <param name="steps">Visits in all.</param>
    /// <param name="seed">Fixes their order.</param>
    /// <param name="corrected">Whether the update subtracts E', as the theory's does.</param>
    public static double OfRows(
        IReadOnlyList<double[]> contexts, int vocabulary, double etaY, int steps, long seed, bool corrected = true)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var decoder = new DecoderDynamics(contexts, [.. Enumerable.Range(0, contexts.Count)], vocabulary, corrected);
        var (random, visits, worst) = (new Xoshiro256(seed), new int[contexts.Count], 0.0);
        var h = ScanSnapTheory.HStar(steps, vocabulary, etaY);
        for (var step = 0; step < steps; step++)
        {
            var n = random.NextIndex(contexts.Count);
            decoder.Step(n, etaY);
            visits[n]++;
            for (var k = 0; k < contexts.Count; k++)
                worst = Math.Max(worst, Largest(decoder.Row(k), DecoderDynamics.ClosedForm(h[visits[k]], k, vocabulary)));
        }

        return worst;
    }

    /// <summary>The largest |g_n − γ(ι_n f_n − Σ β_nk f_k)| over classes and tokens, in units of the largest |g_n|, after the same number of
    /// visits of each class; of the order K/M.</summary>
    /// <param name="contexts">K vectors f_n of unit length; class n is followed by token n.</param>
    /// <param name="vocabulary">M, at least K.</param>
    /// <param name="etaY">η_Y.</param>
    /// <param name="visits">Visits of each class.</param>
    /// <param name="corrected">Whether E' is taken into account, in the update and in ι and β.</param>
    public static double OfForce(IReadOnlyList<double[]> contexts, int vocabulary, double etaY, int visits, bool corrected = true)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var decoder = new DecoderDynamics(contexts, [.. Enumerable.Range(0, contexts.Count)], vocabulary, corrected);
        for (var step = 0; step < visits * contexts.Count; step++)
            decoder.Step(step % contexts.Count, etaY);
        var h = ScanSnapTheory.HStar(visits, vocabulary, etaY)[^1];
        var forces = Enumerable.Range(0, contexts.Count).Select(decoder.Force).ToArray();
        return forces.Select((g, n) => Largest(g, decoder.ForceClosedForm(n, h))).Max() / forces.Max(g => g.Max(Math.Abs));
    }

    private static double Largest(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
}
