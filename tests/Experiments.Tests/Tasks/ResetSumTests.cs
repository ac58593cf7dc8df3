using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Tasks;

/// <summary>The sum since the last reset, and the model that learns it.</summary>
public class ResetSumTests
{
    [Fact]
    public void Sums_are_of_the_steps_since_the_last_reset()
    {
        using var scope = NewDisposeScope();
        var (tokens, sums) = ResetSum.Sample(50, 40, new Random(3));
        int[] steps = [0, -2, -1, 1, 2];
        for (var b = 0; b < 50; b++)
        {
            var (row, expected) = (tokens[b].data<long>().ToArray(), sums[b].data<float>().ToArray());
            for (var t = 0; t < 40; t++)
            {
                var from = Array.LastIndexOf(row, ResetSum.Reset, t);
                Assert.Equal(row[(from + 1)..(t + 1)].Sum(token => steps[token]), expected[t]);
            }
        }

        Assert.InRange((tokens == ResetSum.Reset).to(ScalarType.Float32).mean().item<float>(), 0.06, 0.1);
    }

    [Fact]
    public void A_model_that_tells_the_mean_explains_nothing_and_training_helps()
    {
        using var model = new GateModel(GlaGate.PerToken, seed: 1);
        var before = model.Explained(32, 64, seed: 5);
        Assert.True(before < 0.5, $"untrained, it explains {before}");
        var random = new Random(1);
        Trainer.Run(model, new(120, 1e-2) { WeightDecay = 0 }, _ =>
        {
            var (tokens, sums) = ResetSum.Sample(16, 32, random);
            return (model.call(tokens) - sums).square().mean();
        }, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(model.Explained(32, 64, seed: 5), 0.8, 1);
        using var gates = model.Gates(zeros(1, 3, ScalarType.Int64));
        Assert.Equal([1, 3, 8], gates.shape);
    }
}
