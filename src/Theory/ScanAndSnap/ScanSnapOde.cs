namespace Attn.Theory.ScanAndSnap;

/// <summary>The differential equations whose closed solutions <see cref="ScanSnapTheory"/> has, to check those by integration.</summary>
public static class ScanSnapOde
{
    /// <summary>
    /// The right-hand side for the state (h, B): ḣ = η_Y/K/(M − 1 + e^{Mh}) (Lemma 6 in continuous time) and, with one query token and one common
    /// token, Ḃ = η_Z γ(h) e^{−4B}/C₀ (Theorem 4).
    /// </summary>
    /// <param name="state">(h, B).</param>
    /// <param name="derivative">Where to write (ḣ, Ḃ), per step.</param>
    /// <param name="classes">K.</param>
    /// <param name="vocabulary">M.</param>
    /// <param name="etaY">η_Y.</param>
    /// <param name="etaZ">η_Z.</param>
    /// <param name="c0">C₀.</param>
    public static void SnapRightHandSide(
        ReadOnlySpan<double> state, Span<double> derivative, int classes, int vocabulary, double etaY, double etaZ, double c0)
    {
        derivative[0] = etaY / classes / (vocabulary - 1 + Math.Exp(vocabulary * state[0]));
        derivative[1] = etaZ * ScanSnapTheory.GammaOfH(state[0], vocabulary) * Math.Exp(-4 * state[1]) / c0;
    }

    /// <summary>h and B at the given increasing times, integrated from (0, 0) with adaptive steps.</summary>
    public static (double H, double B)[] Integrate(
        IReadOnlyList<double> times, int classes, int vocabulary, double etaY, double etaZ, double c0, double tolerance = 1e-10) =>
        [.. Numerics.DormandPrince.Solve(
            (_, state, derivative) => SnapRightHandSide(state, derivative, classes, vocabulary, etaY, etaZ, c0), 0, [0, 0], times, tolerance)
            .Select(state => (state[0], state[1]))];
}
