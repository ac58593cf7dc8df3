using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.EntropyCollapse;

public class CollapseStudyTests
{
    private static readonly CollapseOptions Plain = new(LayerNorm: true, SigmaPlaces.None), Sigma = new(LayerNorm: false, SigmaPlaces.All);

    private static CollapseRun<double> Run(CollapseOptions options, int steps, int seed = 1, double rate = 3e-3) => CollapseStudy.Run(
        options, rate, steps, seed, logits => PatternStatistics.Entropy(logits.softmax(-1)).mean().item<double>(), every: 10,
        TestContext.Current.CancellationToken);

    [Fact]
    public void A_run_learns_is_looked_at_and_its_seed_fixes_it()
    {
        var run = Run(Plain, 25, rate: 1e-2);
        Assert.Equal(25, run.Losses.Count);
        Assert.Equal([0, 10, 20, 25], run.Looks.Select(look => look.Step));
        Assert.All(run.Looks, look => Assert.Equal((2, 2), (look.Layers.Count, look.Norms.Count)));
        Assert.Equal(Math.Log(32), run.Losses[0], 1.0); // Not far from guessing.
        Assert.True(run.FinalLoss < run.Losses[0] - 0.5);
        Assert.Equal(run.Losses.TakeLast(10).Average(), run.FinalLoss);
        Assert.Empty(run.Sharpened);
        Assert.All(run.Looks.SelectMany(look => look.Norms), norms => Assert.Null(norms.Gamma));
        Assert.Equal(run.FinalLoss, Run(Plain, 25, rate: 1e-2).FinalLoss, 1e-3);
        Assert.NotEqual(run.Losses[0], Run(Plain, 1, seed: 2).Losses[0], 1e-4);
    }

    [Fact]
    public void Many_runs_come_in_the_order_of_their_jobs()
    {
        CollapseJob[] jobs = [new("a", Plain, 1e-2, 1), new("b", Sigma, 1e-2, 1), new("c", Plain, 1e-3, 2)];
        var runs = CollapseStudy.RunAll(jobs, steps: 3, _ => 0, every: 3, TestContext.Current.CancellationToken);
        foreach (var (job, run) in jobs.Zip(runs))
        {
            Assert.Equal(Run(job.Options, 3, job.Seed, job.Rate).Losses[2], run.Losses[2], 1e-3);
            Assert.Equal([0, 3], run.Looks.Select(look => look.Step));
        }
    }

    [Fact]
    public void Under_sigma_reparam_the_maps_have_norm_gamma_and_a_sharper_gamma_less_entropy()
    {
        // An estimate of σ(W) from below makes the norm as used at least γ; the more, the faster W moves.
        foreach (var (rate, lag) in new[] { (1e-3, 0.05), (3e-2, 1) })
            foreach (var norms in Run(Sigma, 20, rate: rate).Looks.SelectMany(look => look.Norms))
            {
                Assert.InRange(norms.Query / norms.Gamma!.Value, 1 - 1e-4, 1 + lag);
                Assert.InRange(norms.Product, 0, norms.Query * norms.Key / 4 * 1.001); // d_k = 16.
            }

        var run = Run(Sigma, 20, rate: 3e-2);
        Assert.All(run.Looks[0].Norms, norms => Assert.Equal(1, norms.Query, 1e-3));
        Assert.Contains(run.Looks[^1].Norms, norms => Math.Abs(norms.Query - 1) > 0.01);
        Assert.Equal(2, run.Sharpened.Count);
        Assert.All(run.Looks[^1].Layers.Zip(run.Sharpened), pair => Assert.True(pair.Second < pair.First));
        Assert.All(Run(Sigma with { FrozenGamma = true }, 20, rate: 3e-2).Looks.SelectMany(look => look.Norms), norms => Assert.Equal(1, norms.Gamma));
    }

    [Fact]
    public void What_is_read_are_the_logits_that_the_softmax_gets()
    {
        var hidden = ones([32, 32], ScalarType.Bool).triu(1);
        var run = CollapseStudy.Run(
            Plain, 1e-2, 2, 1, logits => (logits.size(0), logits.size(1), logits.isneginf().equal(hidden).all().item<bool>()),
            cancellation: TestContext.Current.CancellationToken);
        Assert.All(run.Looks.SelectMany(look => look.Layers), seen => Assert.Equal((16, 2, true), seen));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("every", Name(() => CollapseStudy.Run(Plain, 1e-2, 1, 1, _ => 0, every: 0)));
        Assert.Equal("read", Name(() => CollapseStudy.Run<int>(Plain, 1e-2, 1, 1, null!)));
        Assert.Equal("plan", Name(() => CollapseStudy.Run(Plain, 1e-2, 0, 1, _ => 0)));
    }
}
