using Attn.Theory.ScanAndSnap;

namespace Theory.Tests.ScanAndSnap;

public sealed class SequenceClassesTests
{
    [Theory]
    [InlineData(1, 33)]
    [InlineData(3, 79)]
    [InlineData(5, 125)]
    [InlineData(10, 240)]
    public void SynMedium_has_the_papers_vocabulary(int queries, int vocabulary)
    {
        var data = SequenceClasses.SynMedium(queries);
        Assert.Equal((vocabulary, 2 * queries), (data.Vocabulary, data.Count));
        Assert.Equal(queries, data.QueryTokens.Count);
        Assert.Equal(2 * queries, data.Classes.Select(c => c.Next).Distinct().Count());
    }

    [Fact]
    public void SynSmall_has_the_probabilities_of_the_authors_log()
    {
        var data = SequenceClasses.SynSmall();
        Assert.Equal((34, 2), (data.Vocabulary, data.Count));
        Assert.Equal([30, 31], data.QueryTokens);
        Assert.Equal([32, 33], data.Classes.Select(c => c.Next));
        Assert.Equal(Enumerable.Range(20, 10), data.DistinctTokens(1));
        Assert.Equal(1 / 15.5, data.Probability(0, 0), 15);
        Assert.Equal(0.1 / 15.5, data.Probability(0, 10), 15);
        Assert.Equal(0.3 / 15.5, data.Probability(1, 22), 15);
        Assert.Equal(0, data.Probability(1, 12));
    }

    [Fact]
    public void Tokens_are_common_distinct_or_neither()
    {
        var data = SequenceClasses.SynSmall();
        Assert.All(Enumerable.Range(0, 10), l => Assert.True(data.IsCommon(l) && !data.IsDistinct(l)));
        Assert.All(Enumerable.Range(10, 20), l => Assert.True(data.IsDistinct(l) && !data.IsCommon(l)));
        Assert.All(Enumerable.Range(30, 4), l => Assert.False(data.IsDistinct(l) || data.IsCommon(l)));
        Assert.Equal(Enumerable.Range(0, 30), data.ContextTokens);
    }

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(4, 0.9)]
    [InlineData(3, 0.0)]
    public void A_common_mass_is_met(int common, double mass)
    {
        var data = SequenceClasses.Layered(1, 3, common, distinct: 5, commonMass: mass);
        Assert.Equal(mass, Enumerable.Range(0, common).Sum(l => data.Probability(2, l)), 12);
        Assert.All(data.Classes, c => Assert.Equal(1, c.Probabilities.Sum(), 12));
    }

    [Fact]
    public void Custom_classes_are_normalised()
    {
        var data = SequenceClasses.Custom(new double[,] { { 1, 3, 0, 0, 0 }, { 0, 2, 0, 0, 0 } }, query: [2, 2], next: [3, 4]);
        Assert.Equal([0.25, 0.75], data.Classes[0].Probabilities);
        Assert.Equal([1], data.Classes[1].Tokens);
        Assert.True(data.IsCommon(1) && data.IsDistinct(0));
    }

    [Theory]
    [InlineData(0, 1, 1, 1, 0, "queries")]
    [InlineData(1, 0, 1, 1, 0, "nextPerQuery")]
    [InlineData(1, 1, -1, 1, 0, "common")]
    [InlineData(1, 1, 1, 0, 0, "distinct")]
    [InlineData(1, 1, 1, 1, -1, "unused")]
    public void A_count_out_of_range_is_named(int queries, int next, int common, int distinct, int unused, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentException>(() => SequenceClasses.Layered(queries, next, common, distinct, unused)).ParamName);

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_mass_out_of_range_is_named(double mass) =>
        Assert.Equal("commonMass", Assert.Throws<ArgumentException>(() => SequenceClasses.Layered(1, 1, commonMass: mass)).ParamName);

    [Fact]
    public void Bad_custom_classes_are_refused_by_name()
    {
        var p = new double[,] { { 1, 1, 0 }, { 1, 0, 0 } };
        Assert.Equal("query", Assert.Throws<ArgumentException>(() => SequenceClasses.Custom(p, [0], [1, 2])).ParamName);
        Assert.Equal("query", Assert.Throws<ArgumentException>(() => SequenceClasses.Custom(p, [0, 3], [1, 2])).ParamName);
        Assert.Equal("next", Assert.Throws<ArgumentException>(() => SequenceClasses.Custom(p, [0, 0], [1, -1])).ParamName);
        Assert.Equal("next", Assert.Throws<ArgumentException>(() => SequenceClasses.Custom(p, [0, 0], [1, 1])).ParamName);
        Assert.Throws<ArgumentException>(() => SequenceClasses.Custom(new double[,] { { 1, -1, 0 } }, [0], [1]));
        Assert.Throws<ArgumentException>(() => SequenceClasses.Custom(new double[,] { { 0, 0, 0 } }, [0], [1]));
        Assert.Throws<ArgumentException>(() => SequenceClasses.Custom(new double[0, 3], [], []));
    }
}
