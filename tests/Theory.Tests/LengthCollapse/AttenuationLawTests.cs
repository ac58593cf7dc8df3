using Attn.Theory.LengthCollapse;
using static TorchSharp.torch;

namespace Theory.Tests.LengthCollapse;

public class AttenuationLawTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(64, 1, 0.245)]
    [InlineData(512, 1, 0.1442)]
    [InlineData(512, 2, 0.149)]
    public void Theorem_three_is_the_printed_formula(int tokens, double sigma, double value) =>
        Assert.Equal(value, AttenuationLaw.TheoremThree(tokens, sigma), 6e-4);

    [Fact]
    public void Theorem_three_is_no_bound_where_logits_are_large()
    {
        using var scope = NewDisposeScope();
        double Measured(int tokens, double sigma) => LowPass.SigmaA(GaussianLogits.Iid(tokens, tokens, sigma, 1).softmax(-1)).item<double>();
        foreach (var tokens in new[] { 16, 64, 256 })
        {
            Assert.True(Measured(tokens, 0.25) < AttenuationLaw.TheoremThree(tokens, 0.25));
            Assert.True(Measured(tokens, 1.5) > AttenuationLaw.TheoremThree(tokens, 1.5));
        }
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    public void Independent_logits_have_the_edge_of_their_singular_values(double sigma)
    {
        using var scope = NewDisposeScope();
        var measured = LowPass.SigmaA(GaussianLogits.Iid(256, 256, sigma, 2).softmax(-1)).item<double>();
        Assert.InRange(measured / AttenuationLaw.IidSigma(256, sigma), 0.92, 1.08);
    }

    [Theory]
    [InlineData(16, 0.5, 1)]
    [InlineData(64, 0.5, 1)]
    [InlineData(16, 0.4, 0.8)]
    public void Values_apart_from_the_logits_fade_with_length_and_the_keys_themselves_do_not(int dim, double sigma, double temperature)
    {
        using var scope = NewDisposeScope();
        foreach (var tokens in new[] { 128, 512 })
        {
            var (logits, keys) = GaussianLogits.OfRank(tokens, dim, sigma, tokens);
            var pattern = TempScale.Apply(logits, temperature).softmax(-1);
            var apart = LowPass.Attenuation(pattern, RandomPatterns.Normal(tokens + 1, tokens, 32)).item<double>();
            Assert.InRange(apart / AttenuationLaw.Independent(tokens, sigma, temperature), 0.88, 1.12);
            // Finite numbers of keys add the independent part, in square.
            var expected = double.Hypot(AttenuationLaw.Aligned(dim, sigma, temperature), AttenuationLaw.Independent(tokens, sigma, temperature));
            Assert.InRange(LowPass.Attenuation(pattern, keys).item<double>() / expected, 0.88, 1.12);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(20)]
    public void No_pattern_of_ten_thousand_exceeds_the_bound_for_logits_of_one_range(int tokens)
    {
        using var scope = NewDisposeScope();
        var logits = RandomPatterns.Logits(tokens, 2000, tokens);
        // Half of the draws are two-valued, which comes nearest.
        logits = cat([logits.narrow(0, 0, 1000), logits.narrow(0, 1000, 1000).sign() * logits.narrow(0, 1000, 1000).abs().amax([-2, -1], true)]);
        var range = (logits.amax([-1]) - logits.amin([-1])).amax([-1]) / 2;
        var shares = TokenSpectrum.Norm(TokenSpectrum.Hc(logits.softmax(-1))) / range.sinh();
        var ratio = shares.masked_select(range > 0).max().item<double>();
        output.WriteLine($"n = {tokens}: largest share of the bound {ratio}");
        Assert.InRange(ratio, 0.5, 1 + 1e-12);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(7, 2)]
    [InlineData(16, 1)]
    [InlineData(40, 3)]
    public void One_pattern_attains_it(int tokens, int high)
    {
        using var scope = NewDisposeScope();
        var (half, logits) = AttenuationLaw.TightPattern(tokens, high);
        var hc = TokenSpectrum.Hc(tensor(logits).softmax(-1));
        Assert.Equal(AttenuationLaw.BoundedLogits(half), TokenSpectrum.Norm(hc).item<double>(), 1e-12);
    }

    [Fact]
    public void Gradient_ascent_comes_near_it_and_not_above()
    {
        var (half, _) = AttenuationLaw.TightPattern(6, 2);
        var worst = WorstPattern.BoundedLogits(6, half);
        output.WriteLine($"n = 6, M = {half:0.000}: 1 − ratio = {1 - worst:E2}");
        Assert.InRange(worst, 0.9, 1 + 1e-12);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        static string? Name(Func<object> call) => Assert.Throws<ArgumentException>(() => call()).ParamName;
        Assert.Equal("tokens", Name(() => AttenuationLaw.TheoremThree(0, 1)));
        Assert.Equal("sigma", Name(() => AttenuationLaw.IidSigma(2, -1)));
        Assert.Equal("tokens", Name(() => AttenuationLaw.Independent(1, 1)));
        Assert.Equal("temperature", Name(() => AttenuationLaw.Independent(2, 1, 0)));
        Assert.Equal("dim", Name(() => AttenuationLaw.Aligned(0, 1)));
        Assert.Equal("halfRange", Name(() => AttenuationLaw.BoundedLogits(double.NaN)));
        Assert.Equal("high", Name(() => AttenuationLaw.TightPattern(5, 3)));
    }
}
