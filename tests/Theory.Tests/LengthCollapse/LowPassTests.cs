using Attn.Kernels;
using Attn.Theory.LengthCollapse;
using static TorchSharp.torch;

namespace Theory.Tests.LengthCollapse;

public class LowPassTests(ITestOutputHelper output)
{
    public static TheoryData<int, int> Sizes => new() { { 2, 1 }, { 3, 4 }, { 5, 2 }, { 8, 3 }, { 13, 5 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void No_pattern_of_ten_thousand_breaks_theorem_two(int tokens, int dim)
    {
        using var scope = NewDisposeScope();
        const int Draws = 2000;
        var patterns = RandomPatterns.Logits(tokens, Draws, tokens).softmax(-1);
        var (x, map) = (3 + RandomPatterns.Normal(tokens + 1, Draws, tokens, dim), RandomPatterns.Normal(tokens + 2, Draws, dim, dim + 1));
        var ratio = LowPass.TheoremTwo(patterns, x, map).max().item<double>();
        output.WriteLine($"n = {tokens}, d = {dim}: largest ratio {ratio}");
        Assert.InRange(ratio, 0.3, 1 + 1e-9);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(5, 3)]
    [InlineData(9, 4)]
    public void Gradient_ascent_comes_up_to_theorem_two_and_not_above(int tokens, int dim)
    {
        var worst = WorstPattern.TheoremTwo(tokens, dim);
        output.WriteLine($"n = {tokens}, d = {dim}: 1 − ratio = {1 - worst:E2}");
        Assert.InRange(worst, 0.98, 1 + 1e-9);
    }

    [Fact]
    public void Rows_that_do_not_sum_to_one_break_it()
    {
        using var scope = NewDisposeScope();
        var logits = RandomPatterns.Logits(1, 200, 12);
        var x = 3 + RandomPatterns.Normal(2, 200, 12, 4);
        var broken = LowPass.TheoremTwo(logits.exp() / 12, x, eye(4)) > 1;
        Assert.InRange(broken.to(ScalarType.Float64).mean().item<double>(), 0.8, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(31)]
    public void Sigma_is_the_largest_singular_value_and_above_every_attenuation(int tokens)
    {
        using var scope = NewDisposeScope();
        var pattern = RandomPatterns.Logits(tokens, 1, tokens)[0].softmax(-1);
        var sigma = LowPass.SigmaA(pattern).item<double>();
        Assert.Equal(PowerIteration.SpectralNorm(TokenSpectrum.Hc(pattern)), sigma, 1e-7);
        if (tokens > 1)
            Assert.InRange(LowPass.Attenuation(pattern, RandomPatterns.Normal(3, tokens, 6)).item<double>(), 0, sigma + 1e-12);
    }

    [Fact]
    public void The_identity_keeps_all_uniform_attention_nothing_and_heads_are_apart()
    {
        using var scope = NewDisposeScope();
        var patterns = stack([eye(9), full([9, 9], 1f / 9)]).unsqueeze(0);
        var values = randn(1, 2, 9, 5);
        var rho = LowPass.Attenuation(patterns, values).data<double>().ToArray();
        Assert.Equal(1, rho[0], 1e-12);
        Assert.InRange(rho[1], 0, 1e-6);
        Assert.Equal([1, 2], LowPass.SigmaA(patterns).shape);
    }

    [Fact]
    public void Powers_of_a_pattern_leave_what_all_tokens_share()
    {
        using var scope = NewDisposeScope();
        var pattern = RandomPatterns.Normal(5, 20, 20).softmax(-1);
        var x = RandomPatterns.Normal(6, 20, 3);
        var start = TokenSpectrum.Ratio(x).item<double>();
        Assert.InRange(TokenSpectrum.Ratio(pattern.matrix_power(50).matmul(x)).item<double>() / start, 0, 1e-10);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        static string? Name(Action call) => Assert.Throws<ArgumentException>(call).ParamName;
        Assert.Equal("weights", Name(() => LowPass.SigmaA(ones(2, 3))));
        Assert.Equal("values", Name(() => LowPass.Attenuation(eye(3), ones(2, 3))));
        Assert.Equal("tokens", Name(() => LowPass.TheoremTwo(eye(3), ones(2, 3), eye(3))));
        Assert.Equal("valueMap", Name(() => LowPass.TheoremTwo(eye(3), ones(3, 2), eye(3))));
        Assert.Equal("tokens", Name(() => WorstPattern.TheoremTwo(1, 1)));
        Assert.Equal("halfRange", Name(() => WorstPattern.BoundedLogits(2, 0)));
        Assert.Equal("steps", Name(() => WorstPattern.BoundedLogits(2, 1, steps: 0)));
    }
}
