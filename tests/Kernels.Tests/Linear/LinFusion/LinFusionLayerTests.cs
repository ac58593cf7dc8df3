using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class LinFusionLayerTests
{
    private static ProjectedAttention Attention(bool bias = false, bool norm = false) =>
        new(12, 2, (q, k, v) => Softmax.Plain(q, k, v), bias, norm);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_layer_made_from_another_has_its_projections_and_the_formula(bool bias)
    {
        using var scope = NewDisposeScope();
        using var attention = Attention(bias);
        using var layer = LinFusionLayer.FromAttention(attention, inner: 5);
        var (old, own) = (attention.state_dict(), layer.state_dict());
        Assert.All(old, named => Assert.True(named.Value.allclose(own[named.Key], 0, 0)));
        Assert.Equal([5, 12], own["_queryMap.down.weight"].shape);

        var x = randn(3, 10, 12);
        Tensor Bias(string name) => bias ? own[$"{name}.bias"] : zeros(12);
        Tensor Linear(string name, Tensor input) => nn.functional.linear(input, own[$"{name}.weight"], Bias(name));
        Tensor Mapped(string name)
        {
            var down = nn.functional.linear(x, own[$"{name}.down.weight"], own[$"{name}.down.bias"]);
            var normed = nn.functional.layer_norm(down, [5], own[$"{name}.norm.weight"], own[$"{name}.norm.bias"]);
            return x + nn.functional.linear(nn.functional.leaky_relu(normed, 0.01), own[$"{name}.up.weight"], own[$"{name}.up.bias"]);
        }
        Tensor Heads(Tensor t) => t.reshape(3, 10, 2, 6).transpose(1, 2);
        var attended = LinFusion.Parallel(Heads(Linear("_query", Mapped("_queryMap"))), Heads(Linear("_key", Mapped("_keyMap"))), Heads(Linear("_value", x)));
        Assert.True(layer.call(x).allclose(Linear("_output", attended.transpose(1, 2).reshape(3, 10, 12)), 1e-4, 1e-6));
    }

    [Fact]
    public void The_copy_shares_nothing_with_the_layer_it_was_made_from()
    {
        using var scope = NewDisposeScope();
        using var attention = Attention();
        using var layer = LinFusionLayer.FromAttention(attention);
        var before = attention.state_dict()["_query.weight"].clone();
        using (no_grad())
            layer.state_dict()["_query.weight"].add_(1);
        Assert.True(before.allclose(attention.state_dict()["_query.weight"], 0, 0));
        layer.call(randn(2, 7, 12)).square().sum().backward();
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().item<float>() > 0));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("dim: got 9 channels", Assert.Throws<ArgumentException>(() => new LinFusionLayer(9, 2)).Message);
        Assert.StartsWith("inner: got 0", Assert.Throws<ArgumentException>(() => new LinFusionLayer(8, 2, 0)).Message);
        using var normed = Attention(norm: true);
        Assert.StartsWith("attention: got one with _queryNorm.weight", Assert.Throws<ArgumentException>(() => LinFusionLayer.FromAttention(normed)).Message);
    }
}
