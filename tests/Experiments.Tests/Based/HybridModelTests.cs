using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class HybridModelTests
{
    [Fact]
    public void The_published_stack_has_the_published_layers_and_a_state_that_stops_growing()
    {
        var shape = HybridShape.Published;
        Assert.Equal((17, 5, 5), (shape.Layers.Count(kind => kind == 'C'), shape.Layers.Count(kind => kind == 'L'), shape.Layers.Count(kind => kind == 'S')));
        Assert.Equal([1, 6, 11, 16, 21], Enumerable.Range(0, 27).Where(i => shape.Layers[i] == 'L'));
        Assert.Equal(16 * 65 * 153, shape.StateFloats('L', 9999));
        Assert.Equal(shape.StateFloats(256), shape.StateFloats(100_000));
        Assert.Equal(2L * 1024 * 27 * 500, (shape with { Layers = new('A', 27) }).StateFloats(500));
    }

    [Theory]
    [InlineData("C")]
    [InlineData("L")]
    [InlineData("S")]
    [InlineData("A")]
    [InlineData("CLS")]
    public void Every_stack_is_causal_and_learns_everywhere(string layers)
    {
        using var scope = NewDisposeScope();
        using var model = new HybridModel(32, new(layers, Dim: 16, Heads: 2) { FeatureDim = 4, Window = 6 }, seed: 1);
        var tokens = MqarStudy.Task.Sample(2, new Random(1)).Inputs;
        var changed = tokens.clone();
        changed.narrow(1, 20, 1).fill_(5);
        var moved = (model.call(tokens) - model.call(changed)).abs().amax([0, 2]).data<float>().ToArray();
        Assert.All(moved[..20], change => Assert.Equal(0, change));
        Assert.True(moved[21] > 1e-5);
        model.call(tokens).square().sum().backward();
        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void Unknown_layers_are_named() =>
        Assert.StartsWith("kind: got 'X', needs one of C, L, S, A", Assert.Throws<ArgumentException>(() => new HybridModel(32, new("CX", 16, 2), 1)).Message);
}
