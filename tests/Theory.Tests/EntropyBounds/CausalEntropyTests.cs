using Attn.Kernels;
using Attn.Theory;
using Attn.Theory.EntropyBounds;
using static TorchSharp.torch;

namespace Theory.Tests.EntropyBounds;

public class CausalEntropyTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.34657)]
    [InlineData(32, 2.54869)]
    [InlineData(128, 3.87817)]
    public void The_mean_maximum_is_that_of_uniform_rows(int tokens, double value)
    {
        using var scope = NewDisposeScope();
        var uniform = PatternStatistics.Entropy(Softmax.Weights(zeros(1, 1, tokens, 4, ScalarType.Float64), zeros(1, 1, tokens, 4, ScalarType.Float64), causal: true));
        Assert.Equal(value, CausalEntropy.MeanMaximum(tokens), 1e-5);
        Assert.Equal(uniform.mean().item<double>(), CausalEntropy.MeanMaximum(tokens), 1e-12);
        Assert.Equal(uniform[0, 0, tokens - 1].item<double>(), CausalEntropy.RowMaximum(tokens), 1e-12);
    }

    [Fact]
    public void No_random_head_and_no_ascent_gets_past_it()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2, CPU);
        var hidden = ones(13, 13, dtype: ScalarType.Bool).triu(1);
        Tensor Mean(Tensor logits)
        {
            var masked = logits.masked_fill(hidden, -1e9);
            return -(masked.softmax(-1) * masked.log_softmax(-1)).sum(-1).mean([-1]);
        }

        var heads = randn([10_000, 13, 13], ScalarType.Float64, generator: generator) * (2 * randn([10_000, 1, 1], ScalarType.Float64, generator: generator)).exp();
        Assert.InRange((Mean(heads).max() - CausalEntropy.MeanMaximum(13)).item<double>(), -1, 1e-12);
        var climbing = heads.narrow(0, 0, 20);
        for (var step = 0; step < 300; step++)
            climbing = climbing + 20 * BatchDiff.Grad(Mean, climbing);
        Assert.InRange((Mean(climbing).max() - CausalEntropy.MeanMaximum(13)).item<double>(), -1e-3, 1e-12);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("tokens: got 0", Assert.Throws<ArgumentException>(() => CausalEntropy.MeanMaximum(0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("row: got 0", Assert.Throws<ArgumentException>(() => CausalEntropy.RowMaximum(0)).Message, StringComparison.Ordinal);
    }
}
