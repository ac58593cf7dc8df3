using Attn.Tests;

namespace Attn.Experiments.Tests;

[Collection(AloneCollection.Name)]
public class TimingTests
{
    [Fact]
    public void The_median_ignores_the_first_run_and_an_outlier_and_sleep_costs_nothing()
    {
        var runs = 0;
        var time = Timing.Median(() => Work(++runs is 1 or 3 ? 400 : 40), repeats: 3);
        Assert.Equal(4, runs);
        Assert.InRange(time, 0.02, 0.3);
        Assert.InRange(Timing.Median(() => Thread.Sleep(500), repeats: 1), 0, 0.4);
    }

    [Fact]
    public void Runs_that_are_compared_take_turns()
    {
        var order = new List<int>();
        var times = Timing.Medians([() => order.Add(0), () => { order.Add(1); Work(30); }], repeats: 2);
        Assert.Equal([0, 1, 0, 1, 0, 1], order);
        Assert.True(times[0] < times[1]);
    }

    /// <summary>Keeps a processor busy.</summary>
    private static void Work(int milliseconds)
    {
        var end = Environment.CpuUsage.TotalTime + TimeSpan.FromMilliseconds(milliseconds);
        while (Environment.CpuUsage.TotalTime < end)
            Thread.SpinWait(1000);
    }

    [Fact]
    public void The_exponent_of_a_power_law_is_found() =>
        Assert.Equal(1.7, Timing.Exponent([1, 2, 5, 100], [3, 3 * Math.Pow(2, 1.7), 3 * Math.Pow(5, 1.7), 3 * Math.Pow(100, 1.7)]), 1e-12);

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("repeats: got 0", Assert.Throws<ArgumentException>(() => Timing.Median(() => { }, 0)).Message);
        Assert.StartsWith("y: got 1", Assert.Throws<ArgumentException>(() => Timing.Exponent([1, 2], [1])).Message);
    }
}
