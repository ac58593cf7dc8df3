using Attn.Experiments;

namespace Experiments.Tests;

public sealed class SeedsTests
{
    [Fact]
    public void Seeds_start_at_the_given_one_and_differ() => Assert.Equal([7, 8, 9], Seeds.From(7, 3));

    [Fact]
    public void The_last_integers_are_seeds_too() => Assert.Equal([int.MaxValue - 1, int.MaxValue], Seeds.From(int.MaxValue - 1, 2));

    [Theory]
    [InlineData(1, 0, "count")]
    [InlineData(1, -3, "count")]
    [InlineData(int.MaxValue, 2, "seed")]
    public void A_bad_argument_is_named(int seed, int count, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentException>(() => Seeds.From(seed, count)).ParamName);
}
