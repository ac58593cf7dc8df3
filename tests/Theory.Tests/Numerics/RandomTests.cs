using Attn.Theory.Numerics;

namespace Theory.Tests.Numerics;

public sealed class RandomTests
{
    [Fact]
    public void A_seed_fixes_the_sequence_and_neighbours_differ()
    {
        static ulong[] First(long seed)
        {
            var random = new Xoshiro256(seed);
            return [.. Enumerable.Range(0, 5).Select(_ => random.NextBits())];
        }

        Assert.Equal(First(7), First(7));
        Assert.Empty(First(7).Intersect(First(8)));
        Assert.DoesNotContain(0UL, First(0)); // An all-zero state would stay there.
    }

    [Fact]
    public void The_sequence_is_the_published_generators()
    {
        // SplitMix64 from 0, then xoshiro256**: values computed from the authors' definition with arbitrary-precision integers.
        var random = new Xoshiro256(0);
        Assert.Equal([0x99EC5F36CB75F2B4UL, 0xBF6E1F784956452AUL, 0x1A5F849D4933E6E0UL], new[] { random.NextBits(), random.NextBits(), random.NextBits() });
    }

    [Fact]
    public void Numbers_are_uniform_in_the_unit_interval()
    {
        var random = new Xoshiro256(3);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToArray();
        Assert.All(values, value => Assert.InRange(value, 0, 1 - 1e-16));
        Assert.Equal(0.5, values.Average(), 0.004); // 4 standard errors
        Assert.Equal(1 / 12.0, values.Average(value => (value - 0.5) * (value - 0.5)), 0.001);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void An_empty_range_is_refused(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Xoshiro256(1).NextIndex(count));

    [Theory]
    [InlineData(new[] { 1.0 })]
    [InlineData(new[] { 0.0, 3.0, 0.0 })]
    [InlineData(new[] { 0.1, 0.2, 0.3, 0.4, 1.0, 1.0, 2.0 })]
    [InlineData(new[] { 1e-12, 1.0, 1e-300 })]
    public void The_alias_table_draws_with_the_given_weights(double[] weights)
    {
        const int Draws = 200_000;
        var (random, table, counts) = (new Xoshiro256(11), new AliasTable(weights), new int[weights.Length]);
        for (var i = 0; i < Draws; i++)
            counts[table.Draw(random)]++;
        for (var i = 0; i < weights.Length; i++)
        {
            var p = weights[i] / weights.Sum();
            Assert.Equal(p, counts[i] / (double)Draws, 4.5 * Math.Sqrt(p * (1 - p) / Draws) + 1e-9);
        }
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { 0.0, 0.0 })]
    [InlineData(new[] { 1.0, -0.5 })]
    [InlineData(new[] { 1.0, double.NaN })]
    [InlineData(new[] { 1.0, double.PositiveInfinity })]
    public void Weights_that_are_no_distribution_are_refused(double[] weights) =>
        Assert.Equal("weights", Assert.Throws<ArgumentException>(() => new AliasTable(weights)).ParamName);
}
