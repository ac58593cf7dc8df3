using Attn.Tests;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Training;

/// <summary>The plan's rates, and what a training run leaves.</summary>
[Collection(AloneCollection.Name)]
public class TrainerTests
{
    [Fact]
    public void The_rate_rises_then_falls_to_nothing()
    {
        var plan = new TrainingPlan(100, 0.5) { WarmUp = 10 };
        Assert.Equal(0.05, plan.RateAt(0), 1e-12);
        Assert.Equal(0.5, plan.RateAt(9), 1e-12);
        Assert.Equal(0.5, plan.RateAt(10), 1e-12);
        Assert.Equal(0.25, plan.RateAt(55), 1e-12);
        Assert.InRange(plan.RateAt(99), 0, 1e-3);
        Assert.Equal([0.05, 0.5, 0.5], new[] { 0, 10, 99 }.Select((plan with { Decays = false }).RateAt));
    }

    [Fact]
    public void A_linear_map_is_learned_without_leaving_tensors()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Linear(4, 1);
        var (x, weights) = (randn(64, 4), randn(4, 1));
        Tensor Loss(int step) => (model.call(x) - x.matmul(weights)).square().mean();
        Trainer.Run(model, new(1, 0.1), Loss, cancellation: TestContext.Current.CancellationToken);
        var before = LiveTensors.Collected();
        var losses = Trainer.Run(model, new(200, 0.1) { WeightDecay = 0, Clip = 1 }, Loss, cancellation: TestContext.Current.CancellationToken);
        Assert.True(losses[^1] < 1e-3 * losses[0], $"loss from {losses[0]} to {losses[^1]}");
        Assert.Equal(before, LiveTensors.Collected());
    }

    [Fact]
    public void It_reports_each_update_and_can_be_ended()
    {
        using var model = nn.Linear(1, 1);
        using var stop = new CancellationTokenSource();
        var steps = new List<int>();
        Assert.Throws<OperationCanceledException>(() => Trainer.Run(model, new(100, 0.1), _ => model.call(ones(1, 1)).sum(), (step, _) =>
        {
            steps.Add(step);
            if (step == 3)
                stop.Cancel();
        }, stop.Token));
        Assert.Equal([1, 2, 3], steps);
    }

    [Fact]
    public void A_plan_without_steps_is_refused()
    {
        using var model = nn.Linear(1, 1);
        Assert.StartsWith("plan: got 0 steps", Assert.Throws<ArgumentException>(() =>
            Trainer.Run(model, new(0, 0.1), _ => zeros(1), cancellation: TestContext.Current.CancellationToken)).Message);
    }
}
