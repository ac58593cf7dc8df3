using static TorchSharp.torch;

namespace Attn.Experiments.Tests.InLine;

public class StrengthStudyTests
{
    [Fact]
    public void Tokens_are_as_long_as_their_strength()
    {
        using var scope = NewDisposeScope();
        using var task = new FeatureStrength(8, 16, seed: 3);
        var (tokens, classes) = task.Sample(5, 40);
        Assert.InRange((tokens.norm(-1) - (classes + 1)).abs().max().item<float>(), 0, 1e-5f);
        Assert.Equal([0L, 1, 2, 3], classes.flatten().unique(sorted: true).output.data<long>().ToArray());
        var (uniform, strengths) = task.SampleUniform(5, 40);
        Assert.InRange((uniform.norm(-1) - strengths).abs().max().item<float>(), 0, 1e-5f);
        Assert.InRange(strengths.min().item<float>(), 1, 1.3f);
        Assert.InRange(strengths.max().item<float>(), 3.7f, 4);
    }

    [Fact]
    public void There_are_as_many_directions_as_asked_for()
    {
        using var scope = NewDisposeScope();
        using var task = new FeatureStrength(8, 16, seed: 3);
        var directions = nn.functional.normalize(task.Sample(20, 40).Tokens.flatten(0, 1), dim: -1);
        var same = directions.matmul(directions.t()) > 0.999;
        Assert.Equal(8, Math.Round(same.to(ScalarType.Float32).sum(1).reciprocal().sum().item<float>(), 3));
    }

    [Fact]
    public void A_seed_fixes_a_run_and_training_helps()
    {
        double Run(int steps, int seed) => StrengthStudy.Accuracy(StrengthStudy.InLine, queryBias: false, steps, seed, TestContext.Current.CancellationToken);
        Assert.Equal(Run(3, 1), Run(3, 1));
        Assert.NotEqual(Run(3, 1), Run(3, 2));
        Assert.True(Run(60, 1) > Run(1, 1) + 0.1);
    }

    [Fact]
    public void Division_hides_the_strength_from_any_linear_read_out()
    {
        Assert.InRange(StrengthStudy.ReadOut(StrengthStudy.Linear, 1), -0.1, 0.05);
        Assert.InRange(StrengthStudy.ReadOut(StrengthStudy.InLine, 1), 0.98, 1);
    }
}
