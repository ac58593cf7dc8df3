using Attn.Theory.ScanAndSnap;
using CsCheck;

namespace Theory.Tests.ScanAndSnap;

public sealed class AttentionMapTests
{
    [Fact]
    public void The_entropy_at_the_start_is_that_of_the_data() =>
        Assert.Equal(2.151, AttentionMap.DistinctEntropy(SequenceClasses.SynSmall(), new ScanSnapModel(34)), 0.0005);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Equal_weights_have_the_entropy_of_their_number(int count) =>
        Assert.Equal(Math.Log(count), AttentionMap.Entropy([.. Enumerable.Repeat(0.1, count), 5], [.. Enumerable.Range(0, count)]), 1e-14);

    [Fact]
    public void A_weight_of_zero_adds_nothing() => Assert.Equal(0, AttentionMap.Entropy([0, 3, 0], [0, 1, 2]), 1e-15);

    [Fact]
    public void Tokens_without_weight_have_no_entropy() =>
        Assert.Equal("tokens", Assert.Throws<ArgumentException>(() => AttentionMap.Entropy([0, 3], [0])).ParamName);

    [Fact]
    public void Attention_sums_to_one_and_follows_the_logits() => Gen.Long.Sample(seed =>
    {
        var data = RandomModels.Classes(3, 14, seed);
        var model = RandomModels.Create(14, seed, scale: 900); // Far past where exp overflows.
        var c = AttentionMap.C(data, model, 1);
        var (a, b) = (data.DistinctTokens(1)[0], data.DistinctTokens(1)[^1]);
        var z = model.AttentionLogits(13);
        var expected = Math.Log(data.Probability(1, a) / data.Probability(1, b)) + z[a] - z[b];
        return Math.Abs(c.Sum() - 1) < 1e-12 && c[1 + (1 + 1) % 3] >= 0
            && (c[a] == 0 || c[b] == 0 || c[a] < 1e-290 || c[b] < 1e-290 || Math.Abs(Math.Log(c[a] / c[b]) - expected) < 1e-9);
    });

    [Fact]
    public void Gain_growth_and_conserved_quantity_are_their_formulas()
    {
        var data = SequenceClasses.SynSmall();
        var model = new ScanSnapModel(34);
        (model.Z[30 * 34 + 19], model.Z[30 * 34 + 12]) = (0.7, -0.2);
        Assert.Equal(Math.Pow(1.0 / 0.3, 2) * Math.Exp(1.8) - 1, AttentionMap.RelativeGain(data, model, 0, 19, 12), 1e-11);
        Assert.Equal(Math.Exp(1.4), AttentionMap.GrowthFactor(data, model, 0, 19), 1e-13);
        Assert.Equal((1 - Math.Exp(-1.4)) * 15.5 * 15.5, AttentionMap.ConservedQuantity(data, model, 0, 19), 1e-11);
    }

    [Fact]
    public void A_class_token_or_model_that_does_not_fit_is_named()
    {
        var data = SequenceClasses.SynSmall();
        Assert.Equal("n", Assert.Throws<ArgumentException>(() => AttentionMap.C(data, new(34), 2)).ParamName);
        Assert.Equal("n", Assert.Throws<ArgumentException>(() => data.DistinctTokens(-1)).ParamName);
        Assert.Equal("l", Assert.Throws<ArgumentException>(() => data.IsCommon(34)).ParamName);
        Assert.Equal("model", Assert.Throws<ArgumentException>(() => AttentionMap.C(data, new(33), 0)).ParamName);
        Assert.Equal("query", Assert.Throws<ArgumentException>(() => new ScanSnapModel(3).AttentionLogits(3).Length).ParamName);
    }

    [Fact]
    public void The_law_has_no_error_at_the_start_and_some_after_an_arbitrary_change()
    {
        var data = SequenceClasses.SynSmall();
        var model = new ScanSnapModel(34);
        Assert.Equal(0, AttentionMap.LawError(data, model, 0), 1e-14);
        model.Z[30 * 34 + 19] = 0.5;
        Assert.True(AttentionMap.LawError(data, model, 0) > 0.01);
    }

    [Fact]
    public void A_distinct_token_tells_its_class_and_a_common_one_as_much_as_it_leans_to_one()
    {
        var data = SequenceClasses.Custom(new double[,] { { 3, 1, 0, 0, 0 }, { 1, 0, 3, 0, 0 } }, [3, 3], [3, 4]);
        Assert.Equal([0.75, 1, 1, 0, 0], AttentionMap.Distinctness(data));
    }
}
