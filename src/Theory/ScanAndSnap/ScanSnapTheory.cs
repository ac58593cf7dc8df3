namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// The closed forms of "Scan and Snap" (arXiv 2305.16380). M is the number of logits, K of classes, η_Y and η_Z the learning rates of decoder
/// and attention; t counts steps of batch means (or of single samples), so that each class has been visited t/K times.
/// </summary>
public static class ScanSnapTheory
{
    /// <summary>
    /// h after <paramref name="visits"/> of a class: the solution of e^{Mh} + (M − 1)Mh = Mη_Y·visits + 1 (Lemma 6). Decoder rows are (M − 1)h ζ_n.
    /// </summary>
    /// <exception cref="ArgumentException">M below 2, a rate that is not positive, or negative visits.</exception>
    public static double H(double visits, int vocabulary, double etaY)
    {
        Require(vocabulary, etaY);
        RequireTime(visits, nameof(visits));
        var target = vocabulary * etaY * visits; // Solve e^y − 1 + (M − 1)y = target for y = Mh: increasing and convex in y.
        var (low, high) = (0.0, Math.Log(target + 2) + 1);
        var y = Math.Min(target / vocabulary, high);
        for (var i = 0; i < 200; i++)
        {
            var value = double.ExpM1(y) + (vocabulary - 1) * y - target;
            if (value > 0)
                high = y;
            else
                low = y;
            var newton = y - value / (Math.Exp(y) + vocabulary - 1);
            var next = newton >= low && newton <= high ? newton : 0.5 * (low + high);
            if (next == y || Math.Abs(next - y) <= 1e-16 * y)
                break;
            y = next;
        }

        return y / vocabulary;
    }

    /// <summary>h*(0), …, h*(<paramref name="visits"/>) of discrete steps: h*(s) = h*(s − 1) + η_Y/(M − 1 + e^{Mh*(s−1)}) (Lemma 6).</summary>
    /// <exception cref="ArgumentException">M below 2, a rate that is not positive, or negative visits.</exception>
    public static double[] HStar(int visits, int vocabulary, double etaY)
    {
        Require(vocabulary, etaY);
        RequireTime(visits, nameof(visits));
        var h = new double[visits + 1];
        for (var s = 1; s <= visits; s++)
            h[s] = h[s - 1] + etaY / (vocabulary - 1 + Math.Exp(vocabulary * h[s - 1]));
        return h;
    }

    /// <summary>(h*(s) − h(s))/(2η_Y/M) for s = 0, …, <paramref name="visits"/>: how far discrete steps run ahead of continuous time, in units of
    /// the bound that Lemma 6 sets; between 0 and 1.</summary>
    /// <exception cref="ArgumentException">M below 2, a rate that is not positive, or negative visits.</exception>
    public static double[] Lead(int visits, int vocabulary, double etaY) =>
        [.. HStar(visits, vocabulary, etaY).Select((h, s) => (h - H(s, vocabulary, etaY)) * vocabulary / (2 * etaY))];

    /// <summary>The speed coefficient γ(t) = (M − 1)² h(t/K)/(M − 1 + e^{Mh(t/K)}) of Theorem 1.</summary>
    /// <exception cref="ArgumentException">A count or rate out of range, or a negative time.</exception>
    public static double Gamma(double t, int classes, int vocabulary, double etaY)
    {
        RequireClasses(classes);
        return GammaOfH(H(t / classes, vocabulary, etaY), vocabulary);
    }

    /// <summary>γ for a given h.</summary>
    internal static double GammaOfH(double h, int vocabulary)
    {
        double others = vocabulary - 1;
        return others * others * h / (others + Math.Exp(vocabulary * h));
    }

    /// <summary>Γ(t) = η_Z ∫₀ᵗ γ = η_Z K (M − 1)² h²(t/K)/(2η_Y) (Theorem 4).</summary>
    /// <exception cref="ArgumentException">A count or rate out of range, or a negative time.</exception>
    public static double GammaIntegral(double t, int classes, int vocabulary, double etaY, double etaZ)
    {
        RequireClasses(classes);
        var h = (vocabulary - 1) * H(t / classes, vocabulary, etaY);
        return etaZ * classes * h * h / (2 * etaY);
    }

    /// <summary>B(t) = ¼ ln(1 + 4Γ(t)/C₀), how far the common token's logit has fallen (Theorem 4; equation 14 prints it without the term
    /// −¼ ln C₀ that B(0) = 0 asks for).</summary>
    /// <exception cref="ArgumentException">A count, rate or constant out of range, or a negative time.</exception>
    public static double B(double t, int classes, int vocabulary, double etaY, double etaZ, double c0)
    {
        RequirePositive(c0, nameof(c0));
        return 0.25 * double.LogP1(4 * GammaIntegral(t, classes, vocabulary, etaY, etaZ) / c0);
    }

    /// <summary>p(t) = dB/d ln t, the exponent of growth of χ: ½ while scanning, towards 0 after the snap.</summary>
    /// <exception cref="ArgumentException">A count, rate or constant out of range, or a negative time.</exception>
    public static double GrowthExponent(double t, int classes, int vocabulary, double etaY, double etaZ, double c0)
    {
        RequirePositive(c0, nameof(c0));
        return t * etaZ * Gamma(t, classes, vocabulary, etaY) / (c0 + 4 * GammaIntegral(t, classes, vocabulary, etaY, etaZ));
    }

    /// <summary>The end of scanning t₀' = K ln M/η_Y and the begin of snapping t₀ = 2(1 + ω₁)K ln M/η_Y (Theorem 1), in steps.</summary>
    /// <exception cref="ArgumentException">A count or rate out of range.</exception>
    public static (double EndOfScanning, double BeginOfSnapping) TransitionTimes(int classes, int vocabulary, double etaY)
    {
        RequireClasses(classes);
        Require(vocabulary, etaY);
        var unit = classes * Math.Log(vocabulary) / etaY;
        return (unit, 2 * (1 + Omega1(vocabulary)) * unit);
    }

    /// <summary>ω₁ = Θ(ln ln M/ln M): u = (1 + ω₁) ln M is the larger root of e^u = (M − 1)u (Theorem 1). M is at least 4: a smaller one has no root.</summary>
    /// <exception cref="ArgumentException">M below 4.</exception>
    public static double Omega1(int vocabulary)
    {
        if (vocabulary < 4)
            throw new ArgumentException($"vocabulary: got {vocabulary}, needs at least 4.", nameof(vocabulary));
        // u ← ln(M − 1) + ln u contracts towards the larger root, by a factor 1/u < 1.
        var u = Math.Log(vocabulary) + 2;
        for (var i = 0; i < 500; i++)
        {
            var next = Math.Log(vocabulary - 1) + Math.Log(u);
            if (Math.Abs(next - u) <= 1e-15 * u)
                break;
            u = next;
        }

        return u / Math.Log(vocabulary) - 1;
    }

    /// <summary>Theorem 3's bounds on the growth factor χ of a class's dominant token: e^{2f²B} and e^{2B}.</summary>
    /// <param name="b">B_n(t) = η_Z ∫ ξ_n.</param>
    /// <param name="dominantShare">f_{nl₀}(0), the dominant token's entry of the normalised context at the start, in [0, 1].</param>
    public static (double Lower, double Upper) GrowthBounds(double b, double dominantShare) =>
        (Math.Exp(2 * dominantShare * dominantShare * b), Math.Exp(2 * b));

    private static void Require(int vocabulary, double etaY)
    {
        if (vocabulary < 2)
            throw new ArgumentException($"vocabulary: got {vocabulary}, needs at least 2.", nameof(vocabulary));
        RequirePositive(etaY, nameof(etaY));
    }

    private static void RequireClasses(int classes)
    {
        if (classes < 1)
            throw new ArgumentException($"classes: got {classes}, needs at least 1.", nameof(classes));
    }

    private static void RequirePositive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new ArgumentException($"{name}: got {value}, needs a finite number above 0.", name);
    }

    private static void RequireTime(double value, string name)
    {
        if (!(value >= 0 && double.IsFinite(value)))
            throw new ArgumentException($"{name}: got {value}, needs a finite number of at least 0.", name);
    }
}
