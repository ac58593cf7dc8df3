namespace Attn.Experiments.Tests.Stability;

public class StabilityStudyTests
{
    private static readonly TransformerShape Shape = new(Vocabulary: 16, Length: 12, Dim: 16, Layers: 2, Heads: 2);

    private static StabilityPlan Plan(double rate, int steps = 30) => new(Shape, new(), new(steps, rate) { WarmUp = 5, Clip = 1, WeightDecay = 1e-4 });

    [Fact]
    public void It_learns_and_a_seed_fixes_the_run()
    {
        var stop = TestContext.Current.CancellationToken;
        var runs = StabilityStudy.OverAll([Plan(1e-2, 60), Plan(1e-2, 60)], [1, 2], stop);
        Assert.All(runs[0], run => Assert.True(run.FinalLoss < run.Losses[0] - 0.5, $"loss from {run.Losses[0]} to {run.FinalLoss}"));
        Assert.Equal(runs[0][1].FinalLoss, runs[1][1].FinalLoss, 1e-3);
        Assert.NotEqual(runs[0][0].FinalLoss, runs[0][1].FinalLoss);
        Assert.Equal(60, runs[0][0].MaxLogits.Count);
        Assert.Single(runs[0][0].Entropies);
        Assert.Equal((2, 4), (runs[0][0].LayerEntropies.Length, runs[0][0].HeadEntropies.Length));
    }

    [Fact]
    public void Z_loss_holds_the_logarithm_of_Z()
    {
        var stop = TestContext.Current.CancellationToken;
        var plan = Plan(3e-2, 60);
        var bare = StabilityStudy.Run(plan, 1, stop);
        Assert.True(StabilityStudy.Run(plan with { ZLoss = 0.1 }, 1, stop).LogZ[^1] < 0.5 * bare.LogZ[^1]);
    }

    [Fact]
    public void Entropies_are_looked_at_as_often_as_asked()
    {
        var run = StabilityStudy.Run(Plan(1e-2, 7) with { EntropyEvery = 3 }, 1, TestContext.Current.CancellationToken);
        Assert.Equal([0, 3, 6, 7], run.Entropies.Select(at => at.Step));
        Assert.All(run.HeadEntropies, entropy => Assert.InRange(entropy, 0, Math.Log(12)));
        Assert.Equal([0, 3, 6, 7], run.QueryKeySizes.Select(at => at.Step));
        Assert.All(run.QueryKeySizes, at => Assert.True(at is { Query: > 0, Key: > 0, Cosine: > 0 and < 1 }));
    }

    [Fact]
    public void Norms_of_queries_and_keys_keep_logits_small_at_a_large_rate()
    {
        var stop = TestContext.Current.CancellationToken;
        var plan = Plan(0.3, 60);
        var plain = StabilityStudy.Run(plan, 1, stop);
        var normed = StabilityStudy.Run(plan with { Options = new() { QueryKey = QueryKeyRule.Norm } }, 1, stop);
        Assert.True(plain.PeakLogit > 50 * normed.PeakLogit, $"largest logits {plain.PeakLogit} and {normed.PeakLogit}");
    }

    [Fact]
    public void An_epsilon_above_the_gradients_stops_the_updates()
    {
        var stop = TestContext.Current.CancellationToken;
        var faint = Plan(1e-2) with { LossScale = 1e-7, Epsilon = 1e-6 };
        var (stopped, moving) = (StabilityStudy.Run(faint, 1, stop), StabilityStudy.Run(faint with { Epsilon = 1e-15 }, 1, stop));
        Assert.Equal(30, stopped.UpdateRms.Count);
        Assert.True(stopped.UpdateRms[^1] < 0.1 * moving.UpdateRms[^1], $"updates of {stopped.UpdateRms[^1]} and {moving.UpdateRms[^1]}");
    }

    [Fact]
    public void Bad_plans_are_refused() =>
        Assert.StartsWith("plan: got 0 steps", Assert.Throws<ArgumentException>(() => StabilityStudy.Run(Plan(1, 0), 1, TestContext.Current.CancellationToken)).Message);
}
