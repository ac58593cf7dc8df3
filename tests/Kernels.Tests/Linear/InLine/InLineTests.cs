using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class InLineTests
{
    [Fact]
    public void Rows_sum_to_one_and_both_forms_agree_with_any_map_and_scale()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Normal(1, 2, 2, 9, 6), Normal(2, 2, 2, 30, 6), Normal(3, 2, 2, 30, 4));
        foreach (var map in new Func<Tensor, Tensor>?[] { null, FeatureMap.Relu.Queries, x => cat([x.exp(), x], -1) })
            foreach (var scale in new double?[] { null, 1, 0.1 })
            {
                var weights = InLineAttention.Weights(q, k, scale, map);
                AssertClose(ones(2, 2, 9, dtype: ScalarType.Float64), weights.sum(-1));
                AssertClose(weights.matmul(v), InLineAttention.Linear(q, k, v, scale, map));
                AssertClose(weights.matmul(v), InLineAttention.Parallel(q, k, v, scale, map));
            }
    }

    [Fact]
    public void The_published_factor_is_softmax_to_first_order()
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Normal(1, 1, 1, 9, 6), Normal(2, 1, 1, 30, 6));
        double Apart(double t) => (InLineAttention.Weights(t * q, k) - Softmax.Weights(t * q, k)).abs().max().item<double>();
        Assert.InRange(Apart(1e-2) / Apart(1e-3), 95, 105);
    }

    [Fact]
    public void The_residual_is_a_convolution_with_kernels_made_of_the_mean_token()
    {
        using var scope = NewDisposeScope();
        using var residual = new LocalResidual(6, 2);
        var (x, v) = (Normal(1, ScalarType.Float32, 2, 16, 6), Normal(2, ScalarType.Float32, 2, 16, 6));
        // Of an image with one lit cell in the middle, the output is the kernel, turned around.
        var impulse = zeros(2, 25, 6);
        impulse[.., 12, ..] = 1;
        var kernels = residual.call(x, impulse).transpose(1, 2).reshape(2, 6, 5, 5)[.., .., 1..4, 1..4].flip(2, 3);
        var weights = residual.named_parameters().ToDictionary(parameter => parameter.name, parameter => parameter.parameter);
        Tensor Mapped(string map, Tensor token) => nn.functional.conv1d(token, weights[$"{map}.weight"], weights[$"{map}.bias"], groups: 2);
        AssertClose(Mapped("_outer", nn.functional.gelu(Mapped("_inner", x.mean([1]).unsqueeze(-1)))).reshape(2, 6, 3, 3), kernels, 1e-5);
        var images = nn.functional.pad(v.transpose(1, 2).reshape(2, 6, 4, 4), [1, 1, 1, 1]);
        var expected = zeros(2, 6, 4, 4);
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
                expected += kernels[.., .., i, j].reshape(2, 6, 1, 1) * images[.., .., i..(i + 4), j..(j + 4)];
        AssertClose(expected, residual.call(x, v).transpose(1, 2).reshape(2, 6, 4, 4), 1e-5);
        // The same tokens elsewhere have the same mean, and so the same kernels.
        AssertClose(residual.call(x, v), residual.call(x.flip(1), v), 1e-5);
        Assert.True(Error(residual.call(x + 1, v), residual.call(x, v)) > 1e-3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_layer_takes_images_with_a_class_token_and_trains_all_its_weights(bool residual)
    {
        using var scope = NewDisposeScope();
        using var layer = new InLineLayer(12, 3, residual);
        foreach (var tokens in new[] { 16, 17, 1 })
        {
            var x = Normal(1, ScalarType.Float32, 2, tokens, 12);
            Assert.Equal([2, tokens, 12], layer.call(x).shape);
        }
        layer.zero_grad();
        layer.call(Normal(1, ScalarType.Float32, 2, 17, 12)).square().sum().backward();
        Assert.All(layer.named_parameters(), parameter => Assert.True(parameter.parameter.grad!.abs().sum().item<float>() > 0, parameter.name));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 9, 6, 4);
        Assert.StartsWith("scale: got 0", Message(() => InLineAttention.Linear(q, k, v, scale: 0)));
        Assert.StartsWith("dim: got 10 channels", Message(() => new InLineLayer(10, 4)));
        Assert.StartsWith("dim: got 10 channels", Message(() => new LocalResidual(10, 4)));
        using var residual = new LocalResidual(6, 2);
        Assert.StartsWith("v: got 15 tokens", Message(() => residual.call(zeros(1, 15, 6), zeros(1, 15, 6))));

        static string Message(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
