using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class SourceStudyTests
{
    [Fact]
    public void One_token_bears_the_marker_and_its_class_is_the_answer()
    {
        using var scope = NewDisposeScope();
        var task = new RareSource(1, markerNorm: 10);
        var (tokens, answers) = task.Sample(100, new Random(1));
        var again = new RareSource(1, markerNorm: 10).Sample(100, new Random(1));
        Assert.True(tokens.eq(again.Tokens).all().item<bool>() && answers.eq(again.Answers).all().item<bool>());

        // The mean over many sequences and tokens leaves prototypes and marker; the marked token is the longest.
        var norms = tokens.norm(-1);
        var marks = norms.argmax(-1);
        Assert.Equal(1, norms.gt(8).sum(1).to(ScalarType.Float32).mean().item<float>());
        Assert.True(marks.unique().output.numel() > 30);
        var marked = tokens[arange(100), marks];
        var sameClass = answers.unsqueeze(1).eq(answers.unsqueeze(0));
        var closeness = (marked.unsqueeze(1) - marked.unsqueeze(0)).norm(-1);
        Assert.True(closeness[sameClass].max().item<float>() < closeness[~sameClass].min().item<float>());
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => new RareSource(1).Sample(0, new Random(1))).Message);
        Assert.StartsWith("markerNorm: got 0", Assert.Throws<ArgumentException>(() => new RareSource(1, 0)).Message);
    }

    [Fact]
    public void Competition_finds_the_source_and_the_run_is_fixed_by_its_seed()
    {
        var stop = TestContext.Current.CancellationToken;
        AttentionCore Flow(bool competition) => (q, k, v) => FlowAttention.Chunked(q, k, v, options: new() { Competition = competition }).Output;
        SourceRun Run(bool competition) => SourceStudy.OverSeeds(Flow(competition), 100, 1e-2, [1], stop)[0];
        var (with, without) = (Run(true), Run(false));
        Assert.InRange(with.Accuracy, 0.9, 1);
        Assert.InRange(without.Accuracy, 0.125, 0.6);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => 5 * i), with.Curve.Select(point => point.Step));
        Assert.Equal(with.Curve, Run(true).Curve);
    }
}
