using Attn.Theory.LengthCollapse;
using CsCheck;
using static TorchSharp.torch;

namespace Theory.Tests.LengthCollapse;

public class TokenSpectrumTests
{
    [Fact]
    public void The_two_parts_add_up_and_share_nothing() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 7], Gen.Int[1, 1000]).Sample((tokens, dim, seed) =>
        {
            using var scope = NewDisposeScope();
            var x = RandomPatterns.Normal(seed, 2, tokens, dim);
            var (dc, hc) = (TokenSpectrum.Dc(x), TokenSpectrum.Hc(x));
            Assert.True((dc + hc).allclose(x, 1e-12, 1e-12));
            Assert.InRange((dc * hc).sum().abs().item<double>(), 0, 1e-10);
            Assert.InRange(TokenSpectrum.Hc(dc).abs().max().item<double>(), 0, 1e-12);
            Assert.Equal(dc[0, 0, 0].item<double>(), x[0, TensorIndex.Colon, 0].mean().item<double>(), 1e-12);
        }, iter: 50, threads: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(33)]
    public void Energies_are_those_of_the_fourier_sum_and_add_up(int tokens)
    {
        using var scope = NewDisposeScope();
        var x = RandomPatterns.Normal(tokens, tokens, 3);
        var energy = TokenSpectrum.Energy(x).data<double>().ToArray();
        Assert.Equal(tokens / 2 + 1, energy.Length);
        Assert.Equal(x.square().sum().item<double>(), energy.Sum(), 1e-10);
        Assert.Equal(TokenSpectrum.Dc(x).square().sum().item<double>(), energy[0], 1e-10);
        for (var f = 0; f < energy.Length; f++)
        {
            var angles = 2 * Math.PI * f / tokens * arange(tokens, ScalarType.Float64).unsqueeze(1);
            var once = ((x * angles.cos()).sum([0L]).square() + (x * angles.sin()).sum([0L]).square()).sum().item<double>() / tokens;
            Assert.Equal(f == 0 || 2 * f == tokens ? once : 2 * once, energy[f], 1e-10);
        }
    }

    [Fact]
    public void The_ratio_is_that_of_the_norms()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 3.0 }, { 1.0 } }); // Mean 2, differences ±1.
        Assert.Equal(0.5, TokenSpectrum.Ratio(x).item<double>(), 1e-12);
        Assert.Equal(0, TokenSpectrum.Ratio(ones(4, 3)).item<double>());
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("x: got [3]", Assert.Throws<ArgumentException>(() => TokenSpectrum.Dc(ones(3))).Message, StringComparison.Ordinal);
        Assert.StartsWith("x: got [0,3]", Assert.Throws<ArgumentException>(() => TokenSpectrum.Energy(ones(0, 3))).Message, StringComparison.Ordinal);
    }
}
