using Attn.Tests;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>A call leaves no tensor behind but its result, without waiting for the garbage collector, which does not feel native memory.</summary>
[Collection(AloneCollection.Name)]
public class LeakTests
{
    public static TheoryData<Sample> Samples => [.. Matrix.Over([new(2, 3, 37, 37, 6, 5)], [ScalarType.Float32, ScalarType.BFloat16])];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Only_the_result_is_left_of_a_call(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        foreach (var form in Variants.Of(sample.Row))
        {
            var before = LiveTensors.Collected();
            var result = form.Run(inputs);
            Assert.Equal(before + (result.State is null ? 1 : 2), Tensor.TotalCount);
            result.Output.Dispose();
            result.State?.Dispose();
            Assert.Equal(before, LiveTensors.Collected());
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Weights_leave_only_themselves(Sample sample)
    {
        if (sample.Row.Weights is null)
            return;
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        var before = LiveTensors.Collected();
        using var weights = sample.Row.WeightsOf(inputs, heads: [2, 0], rows: [3]);
        Assert.Equal(before + 1, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Training_steps_leave_nothing(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        foreach (var form in Variants.Of(sample.Row))
        {
            Step(form, inputs);
            var before = LiveTensors.Collected();
            for (var i = 0; i < 3; i++)
                Step(form, inputs);
            Assert.Equal(before, LiveTensors.Collected());
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_refused_call_leaves_nothing(Sample sample)
    {
        using var scope = NewDisposeScope();
        var bad = BadInputs.Of(sample.Row, sample.Inputs()).ToList();
        var before = LiveTensors.Collected();
        foreach (var form in Variants.Of(sample.Row))
            foreach (var (what, _, inputs) in bad)
            {
                Assert.Throws<ArgumentException>(() => form.Run(inputs));
                Assert.True(before == Tensor.TotalCount, $"{sample} {form.Name}, {what}: {Tensor.TotalCount - before} tensors left");
            }
    }

    private static void Step(AttentionForm form, AttentionInputs inputs)
    {
        using var step = NewDisposeScope();
        Run.WithGradients(form, inputs);
    }
}
