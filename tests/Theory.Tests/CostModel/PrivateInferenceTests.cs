using Attn.Theory.CostModel;
using CsCheck;

namespace Theory.Tests.CostModel;

public sealed class PrivateInferenceTests
{
    [Fact]
    public void Elements_are_those_counted_by_hand()
    {
        var full = new PrivateInference(12, 768, 12, 128) { LayerNorms = true, Activation = true };
        Assert.Equal(12 * 12 * 128 * 128, full.SoftmaxElements);
        Assert.Equal(25 * 768 * 128, full.NormElements);
        Assert.Equal(12 * 4 * 768 * 128, full.ActivationElements);
        Assert.Equal(12 * 4 + 1, full.Rounds);
        var bare = full with { LayerNorms = false, Activation = false };
        Assert.Equal((0.0, 0.0, 12), (bare.NormElements, bare.ActivationElements, bare.Rounds));
    }

    [Fact]
    public void Bytes_are_the_sum_of_the_parts_at_their_prices() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 2000], Gen.Int[1, 30], Gen.Int[1, 3000], Gen.Double[0.1, 50]).Sample((layers, width, heads, tokens, price) =>
        {
            var bare = new PrivateInference(layers, width, heads, tokens) { SoftmaxBytes = price };
            var full = bare with { LayerNorms = true, Activation = true, NormBytes = 2, ActivationBytes = 3 };
            var expected = price * layers * heads * tokens * (double)tokens + 2 * (2.0 * layers + 1) * width * tokens + 12.0 * layers * width * tokens;
            return Math.Abs(full.Bytes / expected - 1) < 1e-12 && full.Bytes > bare.Bytes && bare.Bytes == bare.SoftmaxElements * price;
        });

    [Fact]
    public void Bad_arguments_are_named() =>
        Assert.StartsWith("Heads: got 0", Assert.Throws<ArgumentException>(() => new PrivateInference(1, 1, 0, 1)).Message, StringComparison.Ordinal);
}
