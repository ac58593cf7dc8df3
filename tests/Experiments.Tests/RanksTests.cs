namespace Attn.Experiments.Tests;

public class RanksTests
{
    [Fact]
    public void Equal_values_share_the_mean_of_their_ranks() => Assert.Equal([3, 0.5, 2, 0.5], Ranks.Of([9, -1, 4, -1]));

    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 1.0, 8, 27, 64 }, 1)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 5.0, 3, 2, -9 }, -1)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 7.0, 7, 7, 7 }, 0)]
    [InlineData(new[] { 1.0, 2, 3 }, new[] { 1.0, 3, 2 }, 0.5)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 0.0, 0, 1, 1 }, 0.894427190999916)]
    public void Rank_correlations_known_by_hand(double[] x, double[] y, double expected) => Assert.Equal(expected, Ranks.Spearman(x, y), 1e-12);

    [Fact]
    public void Unequal_counts_are_refused() =>
        Assert.StartsWith("y: got 3 values for 2 of x", Assert.Throws<ArgumentException>(() => Ranks.Spearman([1, 2], [1, 2, 3])).Message);

    [Fact]
    public void A_correlation_that_a_third_list_explains_is_gone_when_it_is_given()
    {
        double[] given = [1, 2, 3, 4, 5, 6, 7, 8], x = [2, 1, 4, 3, 6, 5, 8, 7], y = [1, 3, 2, 4, 6, 5, 8, 7];
        var (xy, xg, yg) = (Ranks.Spearman(x, y), Ranks.Spearman(x, given), Ranks.Spearman(y, given));
        Assert.Equal((xy - xg * yg) / Math.Sqrt((1 - xg * xg) * (1 - yg * yg)), Ranks.Partial(x, y, given), 1e-12);
        Assert.True(Ranks.Partial(x, y, given) < xy - 0.2);
        Assert.StartsWith("given:", Assert.Throws<ArgumentException>(() => Ranks.Partial(x, y, x)).Message);
    }
}
