namespace Attn.Theory.Numerics;

/// <summary>Lambert's function: the w with w·e^w = x.</summary>
public static class LambertW
{
    private const int MostSteps = 50;

    /// <summary>The branch W₀ for x of at least 0, by Halley's method, to rounding.</summary>
    /// <exception cref="ArgumentException">An x below 0 or not finite.</exception>
    public static double Principal(double x)
    {
        if (!(x >= 0 && double.IsFinite(x)))
            throw new ArgumentException($"x: got {x.ToString(System.Globalization.CultureInfo.InvariantCulture)}, needs a finite number of at least 0.", nameof(x));
        var w = Math.Log(1 + x) * (x < 1 ? 1 : 0.75);
        for (var step = 0; step < MostSteps; step++)
        {
            // f(w) = w − x·e^{−w}: unlike w·e^w − x it cannot overflow.
            var decayed = x * Math.Exp(-w);
            var (f, slope, curvature) = (w - decayed, 1 + decayed, -decayed);
            var change = f / (slope - f * curvature / (2 * slope));
            w -= change;
            if (Math.Abs(change) <= 1e-16 * Math.Abs(w))
                break;
        }

        return w;
    }
}
