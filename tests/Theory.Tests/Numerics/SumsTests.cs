using Attn.Theory.Numerics;

namespace Theory.Tests.Numerics;

public sealed class SumsTests
{
    [Fact]
    public void Place_in_memory_does_not_matter()
    {
        var random = new Xoshiro256(7);
        for (var length = 0; length < 200; length += 1 + length / 9)
        {
            var (x, y) = (Draw(random, length), Draw(random, length));
            var places = Enumerable.Range(0, 16).Select(offset =>
            {
                double[] memory = [.. new double[offset], .. x];
                var moved = memory.AsSpan(offset);
                return (Sums.Dot(moved, y), Sums.Of(moved), Sums.Norm(moved));
            });
            Assert.Single(places.Distinct());
            Assert.Equal(x.Zip(y, (a, b) => a * b).Sum(), Sums.Dot(x, y), 1e-12);
            Assert.Equal(x.Sum(), Sums.Of(x), 1e-12);
            Assert.Equal(Math.Sqrt(x.Sum(a => a * a)), Sums.Norm(x), 1e-12);
        }
    }

    [Fact]
    public void Exponentials_are_right_to_two_units_of_the_last_place_and_alike_in_every_place()
    {
        var random = new Xoshiro256(8);
        for (var length = 0; length < 40; length++)
        {
            double[] x = [.. Draw(random, length).Select((u, i) => u * (i % 3 == 0 ? 1 : i % 3 == 1 ? 40 : 706))], result = [.. x];
            Sums.Exp(result);
            for (var i = 0; i < length; i++)
            {
                double[] alone = [x[i]];
                Sums.Exp(alone);
                Assert.Equal(result[i], alone[0]);
                Assert.Equal(1, result[i] / Math.Exp(x[i]), 5e-16);
            }
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(-708, 0)]
    [InlineData(710, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Exponentials_end_where_numbers_do(double x, double expected)
    {
        double[] values = [x, 0, x, x, 0, x];
        Sums.Exp(values);
        Assert.Equal([expected, 1, expected, expected, 1, expected], values);
    }

    private static double[] Draw(Xoshiro256 random, int length) => [.. Enumerable.Range(0, length).Select(_ => 2 * random.NextDouble() - 1)];
}
