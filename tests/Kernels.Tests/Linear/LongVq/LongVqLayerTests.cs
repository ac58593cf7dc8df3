using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class LongVqLayerTests
{
    [Fact]
    public void What_is_trained_on_all_pairs_is_what_the_linear_form_computes()
    {
        using var scope = NewDisposeScope();
        using var layer = new LongVqLayer(new(12, 2) { KeyDim = 4, Codes = 7, Window = 5, UpdateCodes = false });
        var bias = layer.named_parameters().Single(p => p.parameter.shape is [1, 2, 5, 1]).parameter;
        using (no_grad())
            bias.copy_(Normal(3, ScalarType.Float32, 1, 2, 5, 1));
        var x = Normal(1, ScalarType.Float32, 2, 40, 12);
        layer.train();
        var trained = layer.call(x).detach();
        Assert.True(layer.Commitment!.item<float>() > 0);
        layer.eval();
        AssertClose(trained.to(ScalarType.Float64), layer.call(x).detach(), 1e-5);
    }

    [Fact]
    public void The_layer_is_causal_and_every_parameter_is_learned_but_no_code()
    {
        using var scope = NewDisposeScope();
        using var layer = new LongVqLayer(new(12, 2) { KeyDim = 4, Codes = 7, Window = 5 });
        var x = Normal(1, ScalarType.Float32, 2, 20, 12);
        layer.call(x).square().sum().backward();
        Assert.All(layer.named_parameters(), p => Assert.True(p.parameter.grad is { } g && g.abs().sum().item<float>() > 0, p.name));
        Assert.False(layer.Quantizer.Codebook.requires_grad);
        layer.eval();
        var changed = x.clone();
        changed.narrow(1, 19, 1).add_(1);
        Assert.Equal(0, (layer.call(x) - layer.call(changed)).narrow(1, 0, 19).abs().max().item<float>());
    }

    [Fact]
    public void The_codebook_follows_the_keys_when_trained_and_when_it_may()
    {
        using var scope = NewDisposeScope();
        foreach (var follow in new[] { true, false })
        {
            using var layer = new LongVqLayer(new(8) { KeyDim = 4, Codes = 7, UpdateCodes = follow });
            var before = layer.Quantizer.Codebook.clone();
            layer.call(Normal(1, ScalarType.Float32, 2, 20, 8));
            Assert.Equal(follow, layer.Quantizer.Codebook.ne(before).any().item<bool>());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(150)]
    public void The_moving_average_in_chunks_is_its_recurrence(int length)
    {
        using var scope = NewDisposeScope();
        using var average = new DampedEma(5, order: 3);
        var x = Normal(1, ScalarType.Float32, 2, length, 5);
        Tensor? state = null;
        var steps = new List<Tensor>();
        for (var t = 0; t < length; t++)
        {
            (var output, state) = average.Step(x.narrow(1, t, 1), state);
            steps.Add(output);
        }
        AssertClose(cat(steps, 1).to(ScalarType.Float64), average.call(x), 1e-5);
    }

    [Fact]
    public void Bad_sizes_are_named()
    {
        Assert.StartsWith("Dim: got 9 channels", Assert.Throws<ArgumentException>(() => new LongVqLayer(new(9, 2))).Message);
        Assert.StartsWith("Window: got 0", Assert.Throws<ArgumentException>(() => new LongVqLayer(new(8) { Window = 0, Keys = LongVqKeys.ExactInWindow })).Message);
        Assert.StartsWith("decay: got 1.5", Assert.Throws<ArgumentException>(() => new VectorQuantizer(1, 4, 4, 1.5)).Message);
    }
}
