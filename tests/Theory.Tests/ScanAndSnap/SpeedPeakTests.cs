using Attn.Theory.ScanAndSnap;

namespace Theory.Tests.ScanAndSnap;

public sealed class SpeedPeakTests
{
    private static SpeedPeak Measure(int classes, int unused, double etaY, double etaZ, bool all = false)
    {
        var data = SequenceClasses.Layered(1, classes, common: 1, distinct: 5, unused: unused, commonMass: 0.3);
        return SpeedPeak.Measure(data, etaY, etaZ, all ? null : data.DistinctTokens(0)[^1], TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(20, 0)]
    [InlineData(10, 0)]
    [InlineData(10, 100)]
    public void The_peak_comes_at_the_decoders_time_whatever_K_and_M_and_speed_falls_after_it(int classes, int unused)
    {
        var peaks = new[] { 0.25, 0.5, 1 }.Select(etaY => Measure(classes, unused, etaY, 0.01 * etaY)).ToArray();
        Assert.All(peaks, peak => Assert.InRange(peak.Time, 0.8, 2.6));
        Assert.All(peaks, peak => Assert.True(peak.Fall > 3));
        Assert.True(peaks.Max(p => p.Time) / peaks.Min(p => p.Time) < 1.03);
    }

    [Fact]
    public void The_speed_of_all_tokens_is_at_least_that_of_one() =>
        Assert.True(Measure(4, 0, 1, 0.01, all: true).Speed.Zip(Measure(4, 0, 1, 0.01).Speed).All(pair => pair.First >= pair.Second - 1e-15));
}
