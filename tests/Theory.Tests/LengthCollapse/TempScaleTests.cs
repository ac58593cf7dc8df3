using Attn.Kernels;
using Attn.Theory.LengthCollapse;
using static TorchSharp.torch;

namespace Theory.Tests.LengthCollapse;

public class TempScaleTests
{
    [Fact]
    public void Dividing_logits_scaling_attention_and_scaling_queries_are_one()
    {
        using var scope = NewDisposeScope();
        var (q, k) = (RandomPatterns.Normal(1, 2, 3, 7, 5), RandomPatterns.Normal(2, 2, 3, 7, 5));
        const double Temperature = 0.7;
        var divided = TempScale.Apply(q.matmul(k.transpose(-2, -1)) / Math.Sqrt(5), Temperature).softmax(-1);
        Assert.True(Softmax.Weights(q, k, scale: TempScale.Scale(5, Temperature)).allclose(divided, 1e-12, 1e-14));
        Assert.True(Softmax.Weights(q / Temperature, k).allclose(divided, 1e-12, 1e-14));
        Assert.False(Softmax.Weights(q * Temperature, k).allclose(divided, 1e-3, 1e-3));
    }

    [Fact]
    public void Less_than_one_sharpens_and_masked_keys_stay_masked()
    {
        using var scope = NewDisposeScope();
        var logits = RandomPatterns.Normal(3, 6, 6).masked_fill(ones([6, 6], ScalarType.Bool).triu(1), double.NegativeInfinity);
        var (plain, sharp) = (logits.softmax(-1), TempScale.Apply(logits, 0.5).softmax(-1));
        Assert.True((PatternStatistics.Entropy(sharp) <= PatternStatistics.Entropy(plain) + 1e-12).all().item<bool>());
        Assert.Equal(0, sharp.triu(1).abs().sum().item<double>());
        Assert.True(sharp.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_temperature_that_is_not_positive_is_refused(double temperature)
    {
        Assert.StartsWith("temperature: got", Assert.Throws<ArgumentException>(() => TempScale.Apply(ones(2), temperature)).Message, StringComparison.Ordinal);
        Assert.StartsWith("temperature: got", Assert.Throws<ArgumentException>(() => TempScale.Scale(2, temperature)).Message, StringComparison.Ordinal);
        Assert.StartsWith("dim: got 0", Assert.Throws<ArgumentException>(() => TempScale.Scale(0, 1)).Message, StringComparison.Ordinal);
    }
}
