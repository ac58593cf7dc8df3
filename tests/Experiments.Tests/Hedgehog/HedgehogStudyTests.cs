using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class HedgehogStudyTests
{
    private static readonly FeatureMap Exp = HedgehogFeatures.Map(HedgehogVariant.Exp);

    [Fact]
    public void Softmax_is_monotone_and_no_distance_from_itself()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1UL, CPU);
        var (q, k) = (1.5 * randn([1, 2, 32, 16], generator: generator), 1.5 * randn([1, 2, 32, 16], generator: generator));
        var teacher = AttentionDistiller.Teacher(q, k);
        Assert.Equal(1, AttentionDiagnostics.Monotonicity(q.matmul(k.transpose(-2, -1)), teacher), 1e-3);
        Assert.Equal(0, AttentionDiagnostics.Divergence(teacher, teacher), 1e-6);
        var uniform = AttentionDistiller.Teacher(zeros_like(q), k);
        Assert.Equal(Enumerable.Range(1, 32).Average(n => Math.Log(n)), AttentionDiagnostics.RowEntropy(uniform), 1e-6);
        Assert.True(AttentionDiagnostics.RowEntropy(teacher) < AttentionDiagnostics.RowEntropy(uniform) - 0.5);
        Assert.StartsWith("weights: got [1,2,8,8]", Assert.Throws<ArgumentException>(() => AttentionDiagnostics.Monotonicity(zeros(1, 2, 8, 8), zeros(1, 2, 8, 8))).Message);
    }

    [Fact]
    public void Distillation_comes_near_and_a_shuffled_target_does_not()
    {
        var stop = TestContext.Current.CancellationToken;
        var run = DistillStudy.Run(Exp, 60, 1, cancellation: stop);
        Assert.Equal(60, run.Report.Losses.Count);
        Assert.True(run.Report.After < 0.5 * run.Report.Before, $"{run.Report.Before} → {run.Report.After}");
        Assert.True(run.OtherHead > 1.5 * run.Report.After);
        Assert.True(DistillStudy.Run(Exp, 60, 1, shuffled: true, stop).Report.After > run.Report.Before);
    }

    [Fact]
    public void A_converted_model_keeps_what_its_teacher_knows_once_its_map_is_distilled()
    {
        var one = ConversionStudy.Run([Exp, Exp], 120, 60, 5, 1, TestContext.Current.CancellationToken);
        Assert.Equal(one[0], one[1]); // Nothing of the first conversion is left for the second.
        Assert.True(one[0].Teacher > 0.9 && one[0].Distilled > one[0].Before + 0.2, one[0].ToString());
    }
}
