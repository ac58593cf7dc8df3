using Attn.Experiments;
using CsCheck;

namespace Experiments.Tests;

public sealed class SampleTests
{
    [Fact]
    public void Mean_deviation_and_error_are_the_textbook_ones()
    {
        var sample = new Sample([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal(5, sample.Mean);
        Assert.Equal(Math.Sqrt(32 / 7.0), sample.StandardDeviation, 14);
        Assert.Equal(Math.Sqrt(4 / 7.0), sample.StandardError, 14);
    }

    [Fact]
    public void One_run_has_no_spread_and_none_no_mean()
    {
        Assert.Equal(3, new Sample([3]).Mean);
        Assert.True(double.IsNaN(new Sample([3]).StandardDeviation));
        Assert.True(double.IsNaN(new Sample([]).Mean));
    }

    [Fact]
    public void Spread_follows_scale_and_ignores_shift() =>
        Gen.Select(Gen.Double[-100, 100].Array[2, 31], Gen.Double[-10, 10]).Sample((values, k) =>
        {
            var expected = Math.Abs(k) * new Sample(values).StandardDeviation;
            var actual = new Sample([.. values.Select(value => k * value + 17)]).StandardDeviation;
            return Math.Abs(actual - expected) < 1e-9;
        });
}
