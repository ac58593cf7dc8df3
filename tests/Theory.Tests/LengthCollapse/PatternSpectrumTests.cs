using Attn.Theory.LengthCollapse;
using static TorchSharp.torch;

namespace Theory.Tests.LengthCollapse;

public class PatternSpectrumTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(16)]
    public void The_identity_passes_all_and_uniform_attention_the_mean_alone(int tokens)
    {
        using var scope = NewDisposeScope();
        var spectra = PatternSpectrum.Of(eye(tokens), full([tokens, tokens], 1.0 / tokens, ScalarType.Float64));
        Assert.Equal([1, 2], spectra.Select(layer => layer.Layer));
        Assert.All(spectra[0].Gain, gain => Assert.Equal(1, gain, 1e-10));
        Assert.Equal(tokens == 1 ? 0 : 1, spectra[0].Hc, 1e-10);
        Assert.Equal(tokens == 1 ? 0 : 1, spectra[0].Rollout, 1e-7);
        Assert.Equal(1, spectra[1].Dc, 1e-10);
        Assert.All(spectra[1].Gain.Skip(1), gain => Assert.Equal(0, gain, 1e-10));
        Assert.InRange(Math.Max(spectra[1].Sigma, spectra[1].Rollout), 0, 1e-7);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    public void Its_numbers_are_those_of_the_matrices(int tokens)
    {
        using var scope = NewDisposeScope();
        Tensor Draw(int seed) => RandomPatterns.Normal(seed, 2, 3, tokens, tokens).softmax(-1);
        var (first, second) = (Draw(1), Draw(2));
        var spectra = PatternSpectrum.Of(first, second);
        var hc = TokenSpectrum.Norm(TokenSpectrum.Hc(second)).square().mean().item<double>() / (tokens - 1);
        Assert.Equal(hc, spectra[1].Hc, 1e-10);
        Assert.Equal(TokenSpectrum.Norm(TokenSpectrum.Dc(second)).square().mean().item<double>(), spectra[1].Dc, 1e-10);
        Assert.Equal(LowPass.SigmaA(second).mean().item<double>(), spectra[1].Sigma, 1e-10);
        var product = second.mean([1L]).matmul(first.mean([1L]));
        Assert.Equal(LowPass.SigmaA(product).mean().item<double>(), spectra[1].Rollout, 1e-10);
        Assert.True(spectra[1].Rollout < spectra[0].Rollout);
        // The mean of the gains over the frequencies above 0 is the HC part.
        var twice = Enumerable.Range(1, tokens / 2).Sum(f => (2 * f == tokens ? 1 : 2) * spectra[1].Gain[f]) / (tokens - 1);
        Assert.Equal(hc, twice, 1e-10);
    }

    [Fact]
    public void The_hc_part_is_what_independent_values_keep()
    {
        using var scope = NewDisposeScope();
        var pattern = RandomPatterns.Normal(7, 32, 32).softmax(-1);
        var rho = LowPass.Attenuation(pattern, RandomPatterns.Normal(8, 32, 4000)).item<double>();
        Assert.Equal(PatternSpectrum.Of(pattern)[0].Hc, rho * rho, 0.02 * rho * rho);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("patterns: got none", Assert.Throws<ArgumentException>(() => PatternSpectrum.Of()).Message, StringComparison.Ordinal);
        Assert.StartsWith("weights: got [2,3]", Assert.Throws<ArgumentException>(() => PatternSpectrum.Of(ones(2, 3))).Message, StringComparison.Ordinal);
        Assert.StartsWith("patterns: got n = 3 after 2", Assert.Throws<ArgumentException>(() => PatternSpectrum.Of(eye(2), eye(3))).Message, StringComparison.Ordinal);
    }
}
