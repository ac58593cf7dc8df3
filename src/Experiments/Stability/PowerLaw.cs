namespace Attn.Experiments;

/// <summary>y = factor · x^exponent, to say from small sizes or rates what a larger one will do (Wortsman et al. 2023, §3.3).</summary>
/// <param name="Factor">y at x = 1.</param>
/// <param name="Exponent">How steep it is on logarithmic axes.</param>
public readonly record struct PowerLaw(double Factor, double Exponent)
{
    /// <summary>The least-squares fit of logarithms.</summary>
    /// <param name="x">At least two different positive numbers.</param>
    /// <param name="y">As many positive numbers.</param>
    /// <exception cref="ArgumentException">Fewer than two, not as many, or a number that is not positive.</exception>
    public static PowerLaw Fit(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Any(value => !(value > 0)))
            throw new ArgumentException("x: got a number of 0 or less, needs positive ones.", nameof(x));
        if (y.Any(value => !(value > 0)))
            throw new ArgumentException("y: got a number of 0 or less, needs positive ones.", nameof(y));
        var exponent = Timing.Exponent(x, y);
        return new(Math.Exp(y.Average(Math.Log) - exponent * x.Average(Math.Log)), exponent);
    }

    /// <summary>y at <paramref name="x"/>.</summary>
    public double At(double x) => Factor * Math.Pow(x, Exponent);
}
