using Attn.Kernels;
using Attn.Theory.EntropyBounds;
using CsCheck;
using static TorchSharp.torch;

namespace Theory.Tests.EntropyBounds;

public class EntropyBoundTests
{
    // Entropy from probabilities of rows up to a length of 1024 is summed to about 1e-15 a term.
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData(8, 1, 1.97969)]
    [InlineData(8, 5, 0.20559)]
    [InlineData(64, 3, 3.68146)]
    [InlineData(64, 10, 0.029206)]
    [InlineData(1024, 12, 0.080785)]
    [InlineData(2, 0, 0.693147)]
    [InlineData(3, 0.05, 1.098190)] // ln 3 − σ²/(2·3), and less
    public void The_construction_attains_the_bound(int tokens, double sigma, double value)
    {
        using var scope = NewDisposeScope();
        var bound = EntropyBound.Lower(tokens, sigma);
        var weights = EntropyBound.TightExample(tokens, sigma);
        Assert.Equal(value, bound, 1e-5);
        Assert.Equal(sigma, PowerIteration.SpectralNorm(weights), 1e-10);
        Assert.Equal(bound, Entropy(weights)[0].item<double>(), Rounding);
        Assert.Equal(bound, EntropyBound.Rows(weights)[0].item<double>(), Rounding);
    }

    [Theory]
    [InlineData(10, 1.005)]
    [InlineData(15, 0.94)]
    [InlineData(20, 0.89)]
    public void It_falls_like_the_tokens_times_sigma_exp_minus_sigma(double sigma, double ratio) =>
        Assert.Equal(ratio, EntropyBound.Lower(64, sigma) / (64 * sigma * Math.Exp(-sigma)), 0.006);

    [Theory]
    [InlineData(2, .07)]
    [InlineData(4, .39)]
    [InlineData(8, .96)]
    [InlineData(16, 1.77)]
    [InlineData(32, 2.72)]
    public void It_grows_with_the_tokens(int tokens, double value) => Assert.Equal(value, EntropyBound.Lower(tokens, 3), 0.006);

    [Fact]
    public void It_is_the_formula_of_the_theorem() =>
        Gen.Select(Gen.Int[2, 300], Gen.Double[0, 30]).Sample((tokens, sigma) =>
        {
            var beta = Math.Exp(-sigma * Math.Sqrt(tokens / (tokens - 1.0)));
            var sum = 1 + (tokens - 1) * beta;
            var formula = Math.Log(sum) + sigma * Math.Sqrt(tokens * (tokens - 1.0)) * beta / sum;
            return Math.Abs(formula - EntropyBound.Lower(tokens, sigma)) < 1e-12;
        });

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(64)]
    [InlineData(256)]
    public void No_row_of_that_length_falls_below_it(int tokens)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)tokens, CPU);
        // Five times 4000 rows: from Gaussian to a few large logits among small ones, of lengths from 0.05 to 20.
        var unit = RowFamilies.Peaked(4000, tokens, generator);
        var sigma = 0.05 * (rand([4000, 1], ScalarType.Float64, generator: generator) * Math.Log(400)).exp();
        var rows = sigma * unit;
        var margin = Entropy(rows) - EntropyBound.Lower(tensor((double)tokens), sigma.squeeze(-1));
        Assert.InRange(margin.min().item<double>(), -Rounding, 1);
        Assert.True(EntropyBound.RowNorms(rows).allclose(sigma.squeeze(-1), 1e-10, 1e-12));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(256)]
    public void Rows_with_more_than_one_large_logit_are_no_better(int tokens)
    {
        using var scope = NewDisposeScope();
        var unit = RowFamilies.TwoValued(tokens);
        for (var i = 0; i < 29; i++)
        {
            using var inner = NewDisposeScope();
            var sigma = 0.05 * Math.Pow(400, i / 28.0);
            var margin = Entropy(sigma * unit) - EntropyBound.Lower(tokens, sigma);
            Assert.InRange(margin[0].abs().item<double>(), 0, Rounding);
            Assert.InRange(margin.min().item<double>(), -Rounding, 1);
        }
    }

    [Fact]
    public void Whole_attentions_keep_the_theorem_and_their_rows_the_sharper_bound()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        const int Draws = 10_000, Tokens = 5;
        var gain = (3 * Random(Draws, 1, 1)).exp() / 100;
        var (x, key, query) = (Random(Draws, Tokens, 3), Random(Draws, 3, 2), gain * Random(Draws, 3, 2));
        var weights = key.matmul(query.transpose(-1, -2));
        var logits = x.matmul(weights).matmul(x.transpose(-1, -2));
        var sigma = linalg.svdvals(weights).amax([-1]) * linalg.svdvals(x).amax([-1]).square();
        var (entropy, row) = (Entropy(logits), EntropyBound.Rows(logits));
        var whole = EntropyBound.Lower(tensor((double)Tokens), sigma).unsqueeze(-1);
        Assert.InRange((entropy - row).min().item<double>(), -Rounding, 1);
        Assert.InRange((row - whole).min().item<double>(), -Rounding, 1);
        Assert.Equal(sigma[7].item<double>(), EntropyBound.Sigma(x[7], key[7], query[7] / 2, 2), 1e-8 * sigma[7].item<double>());
    }

    [Fact]
    public void Without_its_hypotheses_it_is_no_bound()
    {
        using var scope = NewDisposeScope();
        // Logits longer than σ.
        Assert.True(Entropy(EntropyBound.TightExample(8, 1.1 * 5))[0].item<double>() < EntropyBound.Lower(8, 5) - 0.05);
        // A row that sees 4 of 32 keys, with 32 in place of 4.
        var masked = cat([EntropyBound.TightRow(4, 3), full(28, double.NegativeInfinity, ScalarType.Float64)]).unsqueeze(0);
        var entropy = Entropy(masked).item<double>();
        Assert.Equal(entropy, EntropyBound.Rows(masked).item<double>(), Rounding);
        Assert.True(entropy < EntropyBound.Lower(32, 3) - 1);
        // √(T/(T−1)) taken for 1: at σ = 1 and T = 8, as σ√((T−1)/T) of the theorem.
        foreach (var (sigma, value) in new[] { (1, 1.9943), (5, 0.271) })
        {
            var dropped = EntropyBound.Lower(8, sigma * Math.Sqrt(7.0 / 8));
            Assert.Equal(value, dropped, 5e-4);
            Assert.True(Entropy(EntropyBound.TightExample(8, sigma))[0].item<double>() < dropped - 0.01);
        }
    }

    [Fact]
    public void Masked_short_and_extreme_rows_have_bounds()
    {
        using var scope = NewDisposeScope();
        var logits = 1e4 * randn([2, 6, 6], ScalarType.Float32);
        var causal = logits.masked_fill(ones([6, 6], ScalarType.Bool).triu(1), float.NegativeInfinity);
        var bounds = EntropyBound.Rows(causal);
        Assert.Equal([2, 6], bounds.shape);
        Assert.Equal(0, bounds[TensorIndex.Colon, 0].abs().sum().item<double>());
        Assert.True(bounds.isfinite().all().item<bool>());
        Assert.True((Entropy(causal) >= bounds - 1e-6).all().item<bool>());
        Assert.Equal(0, EntropyBound.Lower(5, double.MaxValue));
        Assert.Equal(0, EntropyBound.Lower(1, 3));
        Assert.Equal(0, EntropyBound.Rows(full([1, 3], double.NegativeInfinity, ScalarType.Float64)).item<double>());
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("tokens", Name(() => EntropyBound.Lower(0, 1)));
        Assert.Equal("sigma", Name(() => EntropyBound.Lower(2, -1)));
        Assert.Equal("sigma", Name(() => EntropyBound.Lower(2, double.NaN)));
        Assert.Equal("tokens", Name(() => EntropyBound.TightExample(1, 1)));
        Assert.Equal("logits", Name(() => EntropyBound.Rows(ones(3))));
        Assert.Equal("x", Name(() => EntropyBound.Sigma(ones(3), ones(3, 2), ones(3, 2))));
        Assert.Equal("keyWeights", Name(() => EntropyBound.Sigma(ones(4, 3), ones(2, 2), ones(2, 2))));
        Assert.Equal("queryWeights", Name(() => EntropyBound.Sigma(ones(4, 3), ones(3, 2), ones(3, 1))));
        Assert.Equal("tokens", Name(() => WorstRow.Search(1, 1, 0)));
        Assert.Equal("sigma", Name(() => WorstRow.Search(2, 0, 0)));
        Assert.Equal("starts", Name(() => WorstRow.Search(2, 1, 0, starts: 0)));
        Assert.Equal("steps", Name(() => WorstRow.Search(2, 1, 0, steps: 0)));
    }

    private static Tensor Entropy(Tensor logits) => PatternStatistics.Entropy(logits.to(ScalarType.Float64).softmax(-1));
}
