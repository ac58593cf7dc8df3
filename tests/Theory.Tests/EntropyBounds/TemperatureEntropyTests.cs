using Attn.Theory;
using Attn.Theory.EntropyBounds;
using static TorchSharp.torch;

namespace Theory.Tests.EntropyBounds;

public class TemperatureEntropyTests
{
    private const double Rounding = 1e-11;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(501)]
    public void The_derivatives_are_those_of_the_entropy(int keys)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)keys, CPU);
        var logits = 5 * randn([400, keys], ScalarType.Float64, generator: generator);
        var temperature = (2 * randn([400], ScalarType.Float64, generator: generator)).exp();
        var slope = TemperatureEntropy.Slope(logits, temperature);
        Assert.True(slope.allclose(BatchDiff.Grad(t => TemperatureEntropy.Of(logits, t), temperature), 1e-9, Rounding));
        Assert.True(slope.min().item<double>() >= 0);

        var gradient = TemperatureEntropy.LogitGradient(logits);
        var one = ones(400, ScalarType.Float64);
        Assert.True(gradient.allclose(BatchDiff.Grad(z => TemperatureEntropy.Of(z, one), logits), 1e-9, Rounding));
        // Along the logits themselves it is −Var_p(z), which at t = 1 is the slope.
        Assert.True((gradient * logits).sum(-1).allclose(-TemperatureEntropy.Slope(logits, one), 1e-9, Rounding));
    }

    [Fact]
    public void Entropy_is_that_of_the_weights_and_no_offset_or_size_disturbs_it()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var logits = 3 * randn([100, 9], ScalarType.Float64, generator: generator);
        var half = full(100, 0.5, ScalarType.Float64);
        var entropy = TemperatureEntropy.Of(logits, half);
        Assert.True(entropy.allclose(special.entr((logits / 0.5).softmax(-1)).sum(-1), 1e-10, Rounding));
        Assert.True(entropy.allclose(TemperatureEntropy.Of(logits + 1e4, half), 1e-10, 1e-9));
        foreach (var (size, expected) in new[] { (1e-8, Math.Log(9)), (1e8, 0.0) })
            Assert.True((TemperatureEntropy.Of(size * logits, half) - expected).abs().max().item<double>() < 1e-6);
        Assert.True(TemperatureEntropy.Slope(1e100 * logits, half).isfinite().all().item<bool>());
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        Assert.StartsWith("logits: got rank 0", Assert.Throws<ArgumentException>(() => TemperatureEntropy.Of(tensor(1.0), tensor(1.0))).Message, StringComparison.Ordinal);
        Assert.StartsWith("temperature: got", Assert.Throws<ArgumentException>(() => TemperatureEntropy.Slope(zeros(3), tensor(0.0))).Message, StringComparison.Ordinal);
    }
}
