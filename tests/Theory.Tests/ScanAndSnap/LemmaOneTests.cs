using Attn.Theory.ScanAndSnap;
using CsCheck;

namespace Theory.Tests.ScanAndSnap;

public sealed class LemmaOneTests
{
    [Theory]
    [InlineData(12, 19, 1)]
    [InlineData(12, 19, 2)]
    [InlineData(2, 1, 3)]
    [InlineData(7, 1, 4)]
    [InlineData(33, 127, 5)]
    [InlineData(65, 3, 6)]
    public void The_formula_is_what_autograd_gives_for_the_sequence(int vocabulary, int length, long seed)
    {
        var model = RandomModels.Create(vocabulary, seed);
        var (context, sample) = RandomModels.Context(vocabulary, length, seed);
        var (j, y, z) = TorchObjective.Gradients(model, context, sample.Query, sample.Next);
        var formula = LemmaOne.Mean(model, [sample]);
        Assert.Equal(-j, formula.Loss, 1e-12);
        Assert.True(RandomModels.MaxDifference(y, formula.Y) < 1e-12, "∂J/∂Y");
        Assert.True(RandomModels.MaxDifference(z, formula.Z) < 1e-12, "∂J/∂Z");
    }

    [Fact]
    public void Without_the_projection_it_is_no_gradient()
    {
        var model = RandomModels.Create(12, 1);
        var (context, sample) = RandomModels.Context(12, 19, 1);
        var autograd = TorchObjective.Gradients(model, context, sample.Query, sample.Next);
        Assert.True(RandomModels.MaxDifference(autograd.Z, LemmaOne.Mean(model, [sample], project: false).Z) > 1e-3);
    }

    [Fact]
    public void Rows_of_both_gradients_sum_to_zero() =>
        Gen.Select(Gen.Int[2, 23], Gen.Int[1, 40], Gen.Long).Sample((vocabulary, length, seed) =>
        {
            var (y, z, _) = LemmaOne.Mean(RandomModels.Create(vocabulary, seed, 3), [RandomModels.Context(vocabulary, length, seed).Sample]);
            return y.Chunk(vocabulary).Concat(z.Chunk(vocabulary)).All(row => Math.Abs(row.Sum()) < 1e-12);
        });

    [Fact]
    public void The_mean_of_samples_is_the_mean_of_their_gradients()
    {
        var model = RandomModels.Create(9, 4);
        var samples = Enumerable.Range(0, 5).Select(i => RandomModels.Context(9, 6 + i, i).Sample).ToArray();
        var each = samples.Select(sample => LemmaOne.Mean(model, [sample])).ToArray();
        var mean = LemmaOne.Mean(model, samples);
        Assert.Equal(each.Average(one => one.Loss), mean.Loss, 1e-14);
        Assert.All(Enumerable.Range(0, 81), i => Assert.Equal(each.Average(one => one.Y[i]), mean.Y[i], 1e-14));
        Assert.All(Enumerable.Range(0, 81), i => Assert.Equal(each.Average(one => one.Z[i]), mean.Z[i], 1e-14));
    }

    [Fact]
    public void Counts_in_the_thousands_and_extreme_logits_stay_finite()
    {
        var model = RandomModels.Create(11, 8, scale: 5000);
        var (y, z, loss) = LemmaOne.Mean(model, [RandomModels.Context(11, 5000, 8).Sample]);
        Assert.True(double.IsFinite(loss));
        Assert.All(y.Concat(z), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void A_bad_sample_is_refused()
    {
        var model = new ScanSnapModel(4);
        static ContextSample Sample(int token, double count, int query = 0, int next = 0) => new([token], [count], query, next);
        ContextSample[] wrong = [Sample(4, 1), Sample(-1, 1), Sample(0, 0), Sample(0, -1), Sample(0, double.NaN), Sample(0, 1, 4), Sample(0, 1, 0, 9), new([0, 1], [1], 0, 0)];
        Assert.All(wrong, sample => Assert.Equal("sample", Assert.Throws<ArgumentException>(() => LemmaOne.Mean(model, [sample])).ParamName));
        Assert.Equal("samples", Assert.Throws<ArgumentException>(() => LemmaOne.Mean(model, [])).ParamName);
        Assert.Equal("model", Assert.Throws<ArgumentException>(() => new LemmaOne(5).Add(model, Sample(0, 1), 1)).ParamName);
        Assert.Equal("vocabulary", Assert.Throws<ArgumentException>(() => new ScanSnapModel(1)).ParamName);
        Assert.Equal("context", Assert.Throws<ArgumentException>(() => TorchObjective.Gradients(model, [], 0, 0)).ParamName);
        Assert.Equal("context", Assert.Throws<ArgumentException>(() => TorchObjective.Gradients(model, [1], 0, 4)).ParamName);
    }
}
