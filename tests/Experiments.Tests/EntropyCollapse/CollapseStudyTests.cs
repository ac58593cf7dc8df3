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

    [Theory]
    [InlineData(true, SigmaPlaces.None, false)]
    [InlineData(false, SigmaPlaces.None, false)]
    [InlineData(false, SigmaPlaces.All, false)]
    [InlineData(true, SigmaPlaces.Mlp, false)]
    [InlineData(true, SigmaPlaces.QueryKey, true)]
    public void A_model_has_what_its_options_say_and_shows_the_logits_it_uses(bool layerNorm, SigmaPlaces places, bool queryKeyNorm)
    {
        using var scope = NewDisposeScope();
        using var model = new CollapseModel(CollapseStudy.Shape, new(layerNorm, places) { QueryKeyNorm = queryKeyNorm }, seed: 3);
        var maps = model.modules().OfType<SigmaReparamLinear>().Count();
        Assert.Equal((places.HasFlag(SigmaPlaces.QueryKey) ? 4 : 0) + (places.HasFlag(SigmaPlaces.ValueOutput) ? 4 : 0) + (places.HasFlag(SigmaPlaces.Mlp) ? 4 : 0), maps);
        Assert.Equal((layerNorm ? 5 : 0) + (queryKeyNorm ? 4 : 0), model.modules().OfType<TorchSharp.Modules.LayerNorm>().Count());
        var text = new BigramCopy().Sample(3, 20, new Random(1));
        var seen = new List<long[]>();
        model.eval();
        model.Forward(text.Inputs, logits =>
        {
            seen.Add(logits.shape);
            Assert.True(logits.isneginf().equal(ones([20, 20], ScalarType.Bool).triu(1).expand_as(logits)).all().item<bool>());
        });
        Assert.Equal([[3, 2, 20, 20], [3, 2, 20, 20]], seen);
        // Causal: what comes later changes nothing.
        var before = model.call(text.Inputs);
        text.Inputs[.., 12] = (text.Inputs[.., 12] + 1) % 32;
        var change = (model.call(text.Inputs) - before).abs().amax([0, 2]);
        Assert.Equal(0, change[..12].max().item<float>());
        Assert.True(change[12..].min().item<float>() > 0);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("every", Name(() => CollapseStudy.Run(Plain, 1e-2, 1, 1, _ => 0, every: 0)));
        Assert.Equal("read", Name(() => CollapseStudy.Run<int>(Plain, 1e-2, 1, 1, null!)));
        Assert.Equal("plan", Name(() => CollapseStudy.Run(Plain, 1e-2, 0, 1, _ => 0)));
        using var model = new CollapseModel(CollapseStudy.Shape, Plain, seed: 1);
        Assert.Throws<InvalidOperationException>(() => model.MultiplyGamma(2));
    }
}
