using Attn.Theory.Numerics;

namespace Theory.Tests.Numerics;

public sealed class DormandPrinceTests
{
    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e-10)]
    public void An_oscillator_comes_round(double tolerance)
    {
        static void Turn(double t, ReadOnlySpan<double> y, Span<double> d) => (d[0], d[1]) = (y[1], -y[0]);
        double[] times = [0, 1, Math.PI, 2 * Math.PI, 7 * Math.PI];
        var y = DormandPrince.Solve(Turn, 0, [1, 0], times, tolerance);
        for (var i = 0; i < times.Length; i++)
        {
            Assert.Equal(Math.Cos(times[i]), y[i][0], 60 * tolerance);
            Assert.Equal(-Math.Sin(times[i]), y[i][1], 60 * tolerance);
        }
    }

    [Fact]
    public void A_right_hand_side_that_depends_on_time_sees_the_right_times()
    {
        var y = DormandPrince.Solve((t, _, d) => d[0] = 5 * Math.Pow(t, 4), 1, [1], [2, 3.5]);
        Assert.Equal(32, y[0][0], 1e-7);
        Assert.Equal(Math.Pow(3.5, 5), y[1][0], 1e-6);
    }

    [Fact]
    public void A_solution_that_blows_up_is_an_error_not_an_endless_loop() =>
        Assert.Throws<InvalidOperationException>(() => DormandPrince.Solve((_, y, d) => d[0] = y[0] * y[0], 0, [1], [2]));

    [Fact]
    public void A_right_hand_side_of_NaN_is_an_error_not_an_endless_loop() =>
        Assert.Throws<InvalidOperationException>(() => DormandPrince.Solve((_, _, d) => d[0] = double.NaN, 0, [1], [2]));

    [Fact]
    public void Bad_arguments_are_named()
    {
        static void Rest(double t, ReadOnlySpan<double> y, Span<double> d) => d.Clear();
        Assert.Equal("times", Assert.Throws<ArgumentException>(() => DormandPrince.Solve(Rest, 0, [1], [2, 1])).ParamName);
        Assert.Equal("tolerance", Assert.Throws<ArgumentException>(() => DormandPrince.Solve(Rest, 0, [1], [2], 0)).ParamName);
    }
}
