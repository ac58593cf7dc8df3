using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Stability;

public class EntropyRegulariserTests
{
    [Fact]
    public void The_penalty_is_the_mean_square_of_what_lies_outside_the_tolerance()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        Tensor Draw(int heads) => randn([2, heads, 9, 5], generator: generator);
        Tensor[] layers = [Softmax.Weights(Draw(3), Draw(3), causal: true), Softmax.Weights(4 * Draw(3), 4 * Draw(3), causal: true)];
        double[] entropies = [.. layers.SelectMany(layer => PatternStatistics.Entropy(layer).mean([0, 2]).data<double>().ToArray())];
        const double Max = 1.7;
        foreach (var gamma in new[] { 0, 0.1, 0.3, 1 })
        {
            using var regulariser = new EntropyRegulariser(2, 3, gamma, Max, 0.6);
            var expected = entropies.Select(entropy => entropy - 0.6 * Max).Average(delta => Math.Abs(delta) > gamma * Max ? delta * delta : 0);
            Assert.Equal(expected, regulariser.call(layers).item<float>(), 1e-5);
        }
    }

    [Fact]
    public void Weights_and_thresholds_have_finite_gradients_though_hidden_weights_are_zero()
    {
        using var scope = NewDisposeScope();
        var q = randn([1, 2, 6, 4]).requires_grad_(true);
        using var regulariser = new EntropyRegulariser(1, 2, 0, 1);
        BackwardFailures.Backward(regulariser.call([Softmax.Weights(q, q, causal: true)]));
        Assert.True(q.grad!.isfinite().all().item<bool>() && q.grad!.abs().max().item<float>() > 0);
        Assert.True(regulariser.Thresholds.grad!.ne(0).all().item<bool>());
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("gamma: got -1", Assert.Throws<ArgumentException>(() => new EntropyRegulariser(1, 1, -1, 1)).Message);
        Assert.StartsWith("max: got 0", Assert.Throws<ArgumentException>(() => new EntropyRegulariser(1, 1, 0, 0)).Message);
    }
}
