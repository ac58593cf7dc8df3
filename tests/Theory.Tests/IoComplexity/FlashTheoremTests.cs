using Attn.Kernels;
using Attn.Theory.IoComplexity;

namespace Theory.Tests.IoComplexity;

public sealed class FlashTheoremTests(ITestOutputHelper output)
{
    [Fact]
    public void Traffic_lies_between_both_bounds_and_comes_near_to_each()
    {
        var seed = 2;
        var random = new Random(seed);
        var (least, most) = (double.PositiveInfinity, 0.0);
        for (var i = 0; i < 20_000; i++)
        {
            var (length, dim, elements) = WorstTraffic.Draw(random);
            var moved = IoModel.Flash(length, dim, elements);
            least = Math.Min(least, moved / FlashTheorem.AtLeast(length, dim, elements));
            most = Math.Max(most, moved / FlashTheorem.AtMost(length, dim, elements));
        }

        output.WriteLine($"seed {seed}: {least} over the lower bound, {most} of the upper");
        Assert.InRange(least, 1, 1.01);
        Assert.InRange(most, 0.8, 1);
        // N = 4j + 1 and M = 4jd: blocks of j keys, five of them.
        Assert.InRange(IoModel.Flash(4001, 4096, 4000L * 4096) / FlashTheorem.AtMost(4001, 4096, 4000L * 4096), 0.999, 1);
        Assert.InRange(IoModel.Flash(4001, 4096, 4096) / FlashTheorem.AtLeast(4001, 4096, 4096), 1, 1.001);
    }

    [Fact]
    public void Climbing_finds_what_draws_do_not_and_nothing_beyond_the_bounds()
    {
        var above = Enumerable.Range(1, 20).Max(seed => WorstTraffic.Climb((n, d, m) => IoModel.Flash(n, d, m) / FlashTheorem.AtMost(n, d, m), seed));
        var below = Enumerable.Range(1, 20).Max(seed => WorstTraffic.Climb((n, d, m) => FlashTheorem.AtLeast(n, d, m) / IoModel.Flash(n, d, m), seed));
        output.WriteLine($"upper bound reached to {above}, lower to {below}");
        Assert.InRange(above, 0.97, 1);
        Assert.InRange(below, 0.999, 1);
    }

    [Fact]
    public void No_memory_makes_traffic_less_than_compulsory()
    {
        for (var length = 1; length < 200; length += 3)
            Assert.All([1, 3, 64], dim => Assert.True(IoModel.Flash(length, dim, 1L << 40) >= FlashTheorem.Compulsory(length, dim)));
    }

    [Fact]
    public void The_least_memory_is_the_first_that_saves()
    {
        foreach (var (length, dim) in new[] { (512, 32), (1024, 64), (90, 8), (33, 5), (4, 16), (1, 3) })
        {
            var first = Enumerable.Range(1, 4 * length * dim).Cast<int?>().FirstOrDefault(m => IoModel.Flash(length, dim, m!.Value) < IoModel.Standard(length, dim));
            Assert.Equal(first, FlashTheorem.LeastMemory(length, dim));
        }

        Assert.Null(FlashTheorem.LeastMemory(1, 3));
        // Blocks of more than ¾d keys: steps of 4d elements.
        Assert.All([64, 128, 200], dim => Assert.InRange(FlashTheorem.LeastMemory(1_000_000, dim)!.Value, 3L * dim * dim, 3L * dim * dim + 4 * dim + 1));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("sramElements: got 7", Assert.Throws<ArgumentException>(() => FlashTheorem.Order(8, 8, 7)).Message, StringComparison.Ordinal);
        Assert.StartsWith("sramElements: got 65", Assert.Throws<ArgumentException>(() => FlashTheorem.AtMost(8, 8, 65)).Message, StringComparison.Ordinal);
        Assert.StartsWith("length: got 0", Assert.Throws<ArgumentException>(() => FlashTheorem.AtLeast(0, 8, 8)).Message, StringComparison.Ordinal);
        Assert.StartsWith("dim: got 0", Assert.Throws<ArgumentException>(() => FlashTheorem.AtLeast(8, 0, 8)).Message, StringComparison.Ordinal);
    }
}
