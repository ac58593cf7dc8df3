using Attn.Theory.Numerics;
using Attn.Theory.ScanAndSnap;
using CsCheck;

namespace Theory.Tests.ScanAndSnap;

public sealed class ScanSnapTheoryTests
{
    private static readonly Gen<(int M, double EtaY, double Visits)> Cases =
        Gen.Select(Gen.Int[2, 5000], Gen.Double[0.001, 50], Gen.Double[0, 1e6]);

    [Fact]
    public void H_solves_its_equation() => Cases.Sample((vocabulary, etaY, visits) =>
    {
        var y = vocabulary * ScanSnapTheory.H(visits, vocabulary, etaY);
        var target = vocabulary * etaY * visits;
        return Math.Abs(double.ExpM1(y) + (vocabulary - 1) * y - target) <= 1e-10 * (1 + target);
    });

    [Fact]
    public void H_is_zero_at_the_start() => Assert.Equal(0, ScanSnapTheory.H(0, 17, 0.3));

    [Theory]
    [InlineData(50, 0.5)]
    [InlineData(1000, 0.2)]
    [InlineData(3, 1.7)]
    public void The_discrete_h_stays_above_the_continuous_one_by_at_most_the_bound(int vocabulary, double etaY)
    {
        var gaps = ScanSnapTheory.HStar(400, vocabulary, etaY).Select((h, s) => h - ScanSnapTheory.H(s, vocabulary, etaY)).ToArray();
        Assert.All(gaps, gap => Assert.InRange(gap, -1e-15, 2 * etaY / vocabulary));
        Assert.True(gaps.Max() > 1e-6, "the two are not the same sequence");
        Assert.True(gaps[^1] < 0.3 * gaps.Max(), "the gap closes");
    }

    [Theory]
    [InlineData(10, 1000, 0.5, 0.5, 1.0)]
    [InlineData(10, 1000, 5, 0.5, 0.01)]
    [InlineData(3, 7, 2, 1, 0.3)]
    public void The_closed_form_is_the_solution_of_the_differential_equation(int k, int m, double etaY, double etaZ, double c0)
    {
        var end = 50 * ScanSnapTheory.TransitionTimes(k, m, etaY).BeginOfSnapping;
        double[] times = [.. Enumerable.Range(0, 13).Select(i => end * Math.Pow(10, -0.25 * (12 - i)))];
        var y = DormandPrince.Solve((_, state, d) => ScanSnapOde.SnapRightHandSide(state, d, k, m, etaY, etaZ, c0), 0, [0, 0], times);
        for (var i = 0; i < times.Length; i++)
        {
            Assert.Equal(ScanSnapTheory.H(times[i] / k, m, etaY), y[i][0], 1e-8);
            Assert.Equal(ScanSnapTheory.B(times[i], k, m, etaY, etaZ, c0), y[i][1], 1e-6);
        }
    }

    [Fact]
    public void Gamma_is_the_derivative_of_its_integral_and_the_exponent_that_of_B() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[4, 2000], Gen.Double[0.1, 5], Gen.Double[1, 1e5]).Sample((k, m, etaY, t) =>
        {
            var step = 1e-5 * t;
            double Slope(Func<double, double> f) => (f(t + step) - f(t - step)) / (2 * step);
            var gamma = 0.3 * ScanSnapTheory.Gamma(t, k, m, etaY);
            var slope = Slope(x => ScanSnapTheory.GammaIntegral(x, k, m, etaY, 0.3));
            var exponent = ScanSnapTheory.GrowthExponent(t, k, m, etaY, 0.3, 0.7);
            var growth = t * Slope(x => ScanSnapTheory.B(x, k, m, etaY, 0.3, 0.7));
            return Math.Abs(slope - gamma) <= 1e-4 * gamma && Math.Abs(growth - exponent) <= 1e-4 * exponent;
        });

    [Theory]
    [InlineData(1000, 0.320)]
    [InlineData(10_000, 0.267)]
    public void Omega1_has_the_known_values(int vocabulary, double expected) => Assert.Equal(expected, ScanSnapTheory.Omega1(vocabulary), 0.0005);

    [Fact]
    public void Omega1_is_the_larger_root() => Gen.Int[4, 1_000_000].Sample(vocabulary =>
    {
        var u = (1 + ScanSnapTheory.Omega1(vocabulary)) * Math.Log(vocabulary);
        return Math.Abs(Math.Exp(u) / ((vocabulary - 1) * u) - 1) < 1e-9 && u > 1; // e^u/u falls below u = 1 and rises above it.
    });

    [Fact]
    public void B_at_the_snap_depends_on_the_ratio_of_the_rates_only()
    {
        double At(double etaY, double etaZ) =>
            ScanSnapTheory.B(ScanSnapTheory.TransitionTimes(10, 1000, etaY).BeginOfSnapping, 10, 1000, etaY, etaZ, 0.1);
        Assert.Equal(At(5, 0.5), At(20, 2), 1e-12);
        Assert.True(Math.Abs(At(5, 0.5) - At(20, 0.5)) > 0.1);
    }

    [Fact]
    public void Transition_times_scale_as_the_inverse_decoder_rate()
    {
        var (scan, snap) = ScanSnapTheory.TransitionTimes(10, 1000, 0.5);
        Assert.Equal(10 * Math.Log(1000) / 0.5, scan, 1e-9);
        Assert.Equal(snap / 8, ScanSnapTheory.TransitionTimes(10, 1000, 4).BeginOfSnapping, 1e-9);
        Assert.True(snap > 2 * scan);
    }

    [Fact]
    public void Arguments_out_of_range_are_named()
    {
        static string? Name(Func<object> call) => Assert.Throws<ArgumentException>(call).ParamName;
        Assert.Equal("vocabulary", Name(() => ScanSnapTheory.H(1, 1, 1)));
        Assert.Equal("etaY", Name(() => ScanSnapTheory.H(1, 9, 0)));
        Assert.Equal("visits", Name(() => ScanSnapTheory.H(-1, 9, 1)));
        Assert.Equal("visits", Name(() => ScanSnapTheory.HStar(-1, 9, 1)));
        Assert.Equal("classes", Name(() => ScanSnapTheory.Gamma(1, 0, 9, 1)));
        Assert.Equal("c0", Name(() => ScanSnapTheory.B(1, 2, 9, 1, 1, 0)));
        Assert.Equal("vocabulary", Name(() => ScanSnapTheory.Omega1(3)));
    }

    [Fact]
    public void The_lead_of_discrete_steps_keeps_its_bound_on_random_draws_and_where_a_climb_ends()
    {
        var random = new Attn.Theory.Numerics.Xoshiro256(11);
        double Worst(double logVocabulary, double logRate) => // The larger is how near the lead comes to a bound.
            ScanSnapTheory.Lead(60, (int)Math.Clamp(Math.Exp(logVocabulary), 2, 1e6), Math.Exp(logRate)).Max();
        var (best, at) = (0.0, (X: 0.0, Y: 0.0));
        for (var i = 0; i < 10_000; i++)
        {
            var (x, y) = (0.7 + 9 * random.NextDouble(), -5 + 8 * random.NextDouble());
            var lead = ScanSnapTheory.Lead(60, (int)Math.Exp(x), Math.Exp(y));
            Assert.True(lead.Min() >= -1e-9 && lead.Max() <= 1, $"M = {(int)Math.Exp(x)}, η_Y = {Math.Exp(y)}: {lead.Min()} … {lead.Max()}");
            if (lead.Max() > best)
                (best, at) = (lead.Max(), (x, y));
        }

        for (var i = 0; i < 300; i++)
        {
            var next = (X: at.X + 0.2 * (random.NextDouble() - 0.5), Y: at.Y + 0.2 * (random.NextDouble() - 0.5));
            if (Worst(next.X, next.Y) is var worst && worst > best)
                (best, at) = (worst, next);
        }

        Assert.InRange(best, 0.05, 1);
    }

    [Fact]
    public void A_faster_decoder_ends_with_denser_attention_and_faster_rates_with_sparser()
    {
        double B(double etaY, double etaZ) => ScanSnapTheory.B(1e7, 10, 1000, etaY, etaZ, 1);
        double[] rates = [0.5, 1, 2, 5];
        Assert.Equal(rates.Select(y => B(y, 0.5)).OrderDescending(), rates.Select(y => B(y, 0.5)));
        Assert.Equal(rates.Select(y => B(y, y)).Order(), rates.Select(y => B(y, y)));
    }
}
