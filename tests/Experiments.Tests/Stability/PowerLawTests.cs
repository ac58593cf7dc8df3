using CsCheck;

namespace Attn.Experiments.Tests.Stability;

public class PowerLawTests
{
    [Fact]
    public void A_power_law_is_found_again() => Gen.Select(Gen.Double[0.1, 10], Gen.Double[-3, 3], Gen.Double[0.1, 5].Array[2, 8]).Sample((factor, exponent, gaps) =>
    {
        double[] x = [.. gaps.Select((_, i) => 0.01 + gaps.Take(i + 1).Sum())];
        var fit = PowerLaw.Fit(x, [.. x.Select(value => factor * Math.Pow(value, exponent))]);
        return Math.Abs(fit.Exponent - exponent) < 1e-8 && Math.Abs(fit.At(7) / (factor * Math.Pow(7, exponent)) - 1) < 1e-8;
    });

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("x: got", Assert.Throws<ArgumentException>(() => PowerLaw.Fit([0, 1], [1, 1])).Message);
        Assert.StartsWith("y: got", Assert.Throws<ArgumentException>(() => PowerLaw.Fit([1, 2], [1, double.NaN])).Message);
    }
}
