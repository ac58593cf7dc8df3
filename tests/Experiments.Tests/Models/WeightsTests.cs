using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Models;

public class WeightsTests
{
    [Fact]
    public void Uniform_weights_and_biases_lie_within_their_bound_and_a_seed_fixes_them()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Linear(16, 400), nn.Conv1d(400, 40, 1, groups: 4));
        double[] Largest() => [.. model.parameters().Select(parameter => (double)parameter.abs().max().item<float>())];
        Weights.InitialiseUniform(model, 1);
        var first = Largest();
        double[] bounds = [0.25, 0.25, 0.1, 0.1];
        Assert.All(first.Zip(bounds), pair => Assert.InRange(pair.First, 0.9 * pair.Second, pair.Second));
        Weights.InitialiseUniform(model, 2);
        Assert.NotEqual(first, Largest());
        Weights.InitialiseUniform(model, 1);
        Assert.Equal(first, Largest());
    }
}
