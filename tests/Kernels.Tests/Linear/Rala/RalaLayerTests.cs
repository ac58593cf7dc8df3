using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class RalaLayerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_layer_is_the_formula_put_together(bool softmax)
    {
        using var scope = NewDisposeScope();
        using var layer = new RalaLayer(new(16, Heads: 2) { Grid = (3, 4), Softmax = softmax });
        var weights = layer.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        var x = randn(2, 12, 16);
        var parts = nn.functional.linear(x, weights["_input.weight"], weights["_input.bias"]).chunk(4, -1);
        Tensor Heads(Tensor t) => t.reshape(2, 12, 2, 8).transpose(1, 2);
        var (q, k, v, places) = (Heads(parts[0]), Heads(parts[1]), Heads(parts[2]), MdLrpe.Grid(3, 4));
        var attended = softmax ? Softmax.Plain(MdLrpe.Apply(q, places), MdLrpe.Apply(k, places), v) : Rala.Parallel(q, k, v, coordinates: places);
        var image = parts[2].transpose(1, 2).reshape(2, 16, 3, 4);
        var local = nn.functional.conv2d(image, weights["_local.weight"], weights["_local.bias"], padding: [2, 2], groups: 16);
        var joined = attended.transpose(1, 2).reshape(2, 12, 16) + local.reshape(2, 16, 12).transpose(1, 2);
        var expected = nn.functional.linear(parts[3] * joined, weights["_output.weight"], weights["_output.bias"]);
        Assert.True(layer.call(x).allclose(expected, 1e-4, 1e-5));
    }

    [Fact]
    public void Without_a_gate_or_a_grid_it_is_without_their_weights_and_all_others_learn()
    {
        using var scope = NewDisposeScope();
        using var plain = new RalaLayer(new(8, 2) { Gate = false, Global = GlobalQuery.MeanOfFeatures });
        Assert.Equal([24, 8], plain.named_parameters().Single(named => named.name == "_input.weight").parameter.shape);
        using var layer = new RalaLayer(new(8, 2));
        foreach (var one in new[] { plain, layer })
        {
            one.call(randn(2, 7, 8)).square().sum().backward();
            Assert.All(one.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().item<float>() > 0));
        }
    }

    [Fact]
    public void Bad_sizes_are_named()
    {
        Assert.StartsWith("dim: got 9 channels", Message(new(9, 2)));
        Assert.StartsWith("heads: got 0", Message(new(8, 0)));
        Assert.StartsWith("dim: got 2 channels a head", Message(new(4, 2) { Grid = (2, 2) }));

        static string Message(RalaOptions options) => Assert.Throws<ArgumentException>(() => new RalaLayer(options)).Message;
    }
}
