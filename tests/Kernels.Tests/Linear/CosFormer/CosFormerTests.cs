using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class CosFormerTests
{
    [Fact]
    public void With_an_endless_horizon_it_is_relu_linear_attention()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 30, 8, 5);
        foreach (var causal in new[] { false, true })
        {
            var relu = LinearAttention.Parallel(q, k, v, causal, featureMap: FeatureMap.Relu.Queries).Output;
            AssertClose(relu, CosFormer.Chunked(q, k, v, causal, horizon: 1 << 28), 1e-10);
            Assert.True(Error(CosFormer.Chunked(q, k, v, causal), relu) > 0.02);
        }
    }

    [Fact]
    public void Weights_fall_with_distance_as_a_cosine()
    {
        using var scope = NewDisposeScope();
        var same = ones(1, 1, 20, 4, dtype: ScalarType.Float64);
        var weights = CosFormer.Weights(same, same, horizon: 20)[0, 0];
        foreach (var (i, j) in new[] { (0, 19), (19, 0), (7, 3), (12, 18) })
        {
            var ratio = (weights[i, j] / weights[i, i]).item<double>();
            Assert.Equal(Math.Cos(Math.PI / 2 * (i - j) / 20), ratio, 1e-12);
        }
    }

    [Fact]
    public void A_horizon_shorter_than_the_sequence_is_refused()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 1, 30, 4, 4);
        var thrown = Assert.Throws<ArgumentException>(() => CosFormer.Chunked(q, k, v, causal: true, horizon: 29));
        Assert.StartsWith("horizon: got 29, needs at least 30", thrown.Message);
    }
}
