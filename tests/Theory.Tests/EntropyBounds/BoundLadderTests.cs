using Attn.Kernels;
using Attn.Theory.EntropyBounds;
using CsCheck;
using static TorchSharp.torch;

namespace Theory.Tests.EntropyBounds;

public class BoundLadderTests
{
    [Fact]
    public void Each_length_is_at_least_the_next_and_each_bound_holds() =>
        Gen.Select(Gen.Int[2, 20], Gen.Int[1, 6], Gen.Int[1, 4], Gen.Double[0.1, 4], Gen.ULong).Sample((tokens, dim, head, gain, seed) =>
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(seed, CPU);
            Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
            var (x, key, query) = (Random(tokens, dim), Random(dim, head), gain * Random(dim, head));
            var ladder = BoundLadder.Of(x, key, query, 0.5);
            var logits = 0.5 * x.matmul(key).matmul(x.matmul(query).t());
            Assert.Equal(tokens, ladder.Tokens);
            Assert.Equal(EntropyBound.Sigma(x, key, query, 0.5), ladder.Sigma);
            Assert.Equal(PowerIteration.SpectralNorm(logits), ladder.Spectral, 1e-9 * ladder.Spectral);
            Assert.InRange(ladder.RowNorm, 0, ladder.Spectral * (1 + 1e-8));
            Assert.InRange(ladder.Spectral, 0, ladder.Sigma * (1 + 1e-8));
            Assert.InRange(ladder.OfSpectral - ladder.OfSigma, -1e-8, 10);
            Assert.InRange(ladder.OfRows - ladder.OfSpectral, -1e-8, 10);
            Assert.InRange(ladder.RowMargin, -1e-12, 10);
            Assert.Equal(PatternStatistics.Entropy(logits.softmax(-1)).min().item<double>(), ladder.LeastEntropy, 1e-12);
        }, iter: 50);

    [Fact]
    public void A_random_one_has_logits_of_the_size_of_its_gain_and_its_seed_fixes_it()
    {
        var ladder = BoundLadder.Random(64, 16, gain: 2, seed: 5);
        Assert.Equal(ladder, BoundLadder.Random(64, 16, gain: 2, seed: 5));
        Assert.NotEqual(ladder, BoundLadder.Random(64, 16, gain: 2, seed: 6));
        Assert.InRange(ladder.RowNorm, 8, 64); // √64 logits of deviation 2, the longest row a few times that.
        Assert.Equal(2, ladder.RowNorm / BoundLadder.Random(64, 16, gain: 1, seed: 5).RowNorm, 1e-9);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("tokens", Assert.ThrowsAny<ArgumentException>(() => BoundLadder.Random(1, 2, 1, 1)).ParamName);
        Assert.Equal("dim", Assert.ThrowsAny<ArgumentException>(() => BoundLadder.Random(2, 0, 1, 1)).ParamName);
        Assert.Equal("x", Assert.ThrowsAny<ArgumentException>(() => BoundLadder.Of(ones(1, 2), ones(2, 2), ones(2, 2))).ParamName);
    }
}
