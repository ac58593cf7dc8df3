using Attn.Experiments;

namespace Experiments.Tests;

public sealed class RunsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Results_come_in_the_order_of_the_seeds() =>
        Assert.Equal(Enumerable.Range(5, 37).Select(seed => seed * seed), Runs.Over(Seeds.From(5, 37), seed => seed * seed, Token));

    [Fact]
    public void Items_and_seeds_come_in_their_order_and_every_run_is_told_of()
    {
        var told = new System.Collections.Concurrent.ConcurrentBag<int>();
        var runs = Runs.OverAll(["a", "bb", "ccc"], Seeds.From(4, 5), (item, seed) => (item.Length, seed), Token, told.Add);
        Assert.Equal(Enumerable.Range(1, 3).Select(item => Enumerable.Range(4, 5).Select(seed => (item, seed))), runs);
        Assert.Equal(Enumerable.Range(1, 15), told.Order());
        Assert.Empty(Runs.OverAll<string, int>([], Seeds.From(4, 5), (_, seed) => seed, Token));
        Assert.Equal("seeds", Assert.Throws<ArgumentException>(() => Runs.OverAll(["a"], [], (_, seed) => seed, Token)).ParamName);
    }

    [Fact]
    public void The_exception_of_a_run_comes_out_as_itself()
    {
        var error = Assert.Throws<ArithmeticException>(() => Runs.Over<int, int>(Seeds.From(1, 9), seed =>
            seed == 4 ? throw new ArithmeticException("run 4") : seed, Token));
        Assert.Equal("run 4", error.Message);
    }

    [Fact]
    public void A_cancelled_token_stops_before_the_first_run()
    {
        var ran = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Runs.Over(Seeds.From(1, 5), _ => Interlocked.Increment(ref ran), new CancellationToken(true)));
        Assert.Equal(0, ran);
    }

    [Fact]
    public void Runs_without_spread_stop_at_the_least_number() =>
        Assert.Equal(3, Runs.UntilPrecise(1, _ => 2.5, standardError: 1e-9, least: 3, most: 100, Token).Count);

    [Fact]
    public void A_wide_spread_takes_as_many_runs_as_its_error_asks_for()
    {
        // Values ±1 have deviation 1, so an error of 0.1 takes about 100 runs.
        var sample = Runs.UntilPrecise(1, seed => seed % 2 == 0 ? 1 : -1, standardError: 0.1, least: 4, most: 1000, Token);
        Assert.InRange(sample.Count, 95, 110);
        Assert.True(sample.StandardError <= 0.1);
    }

    [Fact]
    public void The_most_runs_are_never_exceeded() =>
        Assert.Equal(17, Runs.UntilPrecise(1, seed => seed, standardError: 1e-6, least: 3, most: 17, Token).Count);

    [Theory]
    [InlineData(1, 5, 0.1, "least")]
    [InlineData(6, 5, 0.1, "most")]
    [InlineData(2, 5, 0.0, "standardError")]
    [InlineData(2, 5, double.NaN, "standardError")]
    public void A_bad_argument_is_named(int least, int most, double error, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentException>(() => Runs.UntilPrecise(1, seed => seed, error, least, most, Token)).ParamName);
}
