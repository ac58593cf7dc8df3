using Attn.Kernels;
using Attn.Theory.LengthCollapse;
using static TorchSharp.torch;

namespace Theory.Tests.LengthCollapse;

public class EntropyScaleTests
{
    [Theory]
    [InlineData(4096, 9216, 1.048)]
    [InlineData(64, 144, 1.093)]
    [InlineData(4096, 1024, 0.913)]
    [InlineData(64, 16, 0.816)]
    [InlineData(77, 77, 1)]
    public void The_factor_is_the_papers(int train, int tokens, double value)
    {
        Assert.Equal(value, EntropyScale.Factor(train, tokens), 6e-4);
        Assert.Equal(Math.Sqrt(Math.Log(tokens, train) / 40), EntropyScale.Lambda(40, train, tokens), 1e-12);
        Assert.Equal(1, EntropyScale.Factor(train, tokens, 0));
        Assert.Equal(1 / EntropyScale.Factor(train, tokens), EntropyScale.Factor(train, tokens, -0.5), 1e-12);
    }

    [Fact]
    public void One_token_counts_as_two()
    {
        Assert.Equal(1, EntropyScale.Factor(1, 2));
        Assert.Equal(EntropyScale.Factor(64, 2), EntropyScale.Factor(64, 1));
    }

    [Theory]
    [InlineData(0.5, 256)]
    [InlineData(1, 2000)]
    [InlineData(2, 4096)]
    public void Gaussian_logits_have_the_entropy_of_the_law(double sigma, int tokens)
    {
        using var scope = NewDisposeScope();
        var weights = GaussianLogits.Iid(100, tokens, sigma, 3).softmax(-1);
        Assert.Equal(EntropyLaw.Gaussian(tokens, sigma), PatternStatistics.Entropy(weights).mean().item<double>(), 0.1);
    }

    [Theory]
    [InlineData(64, 1.5, 1000)]
    [InlineData(1024, 2, 50)]
    public void The_factor_keeps_the_distance_to_freezing_and_sets_the_slope(int train, double sigma, int tokens)
    {
        double Scaled(int n) => sigma * EntropyScale.Factor(train, n);
        Assert.Equal(sigma / EntropyLaw.Freezing(train), Scaled(tokens) / EntropyLaw.Freezing(tokens), 1e-12);
        var slope = (EntropyLaw.Gaussian(4 * tokens, Scaled(4 * tokens)) - EntropyLaw.Gaussian(tokens, Scaled(tokens))) / Math.Log(4);
        Assert.Equal(EntropyLaw.ScaledSlope(train, sigma), slope, 1e-12);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        static string? Name(Func<object> call) => Assert.Throws<ArgumentException>(() => call()).ParamName;
        Assert.Equal("trainTokens", Name(() => EntropyScale.Factor(0, 1)));
        Assert.Equal("tokens", Name(() => EntropyScale.Factor(1, 0)));
        Assert.Equal("power", Name(() => EntropyScale.Factor(1, 1, double.NaN)));
        Assert.Equal("dim", Name(() => EntropyScale.Lambda(0, 1, 1)));
        Assert.Equal("tokens", Name(() => EntropyLaw.Gaussian(0, 1)));
        Assert.Equal("sigma", Name(() => EntropyLaw.Gaussian(1, -1)));
        Assert.Equal("trainTokens", Name(() => EntropyLaw.ScaledSlope(1, 1)));
    }
}
