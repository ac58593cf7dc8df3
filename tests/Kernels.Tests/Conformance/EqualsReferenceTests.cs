using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Every form computes what the row's plain reference computes: output, final state and every gradient.</summary>
public class EqualsReferenceTests
{
    public static TheoryData<Sample> Samples => [.. Matrix.All];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_form_equals_the_reference(Sample sample)
    {
        using var scope = NewDisposeScope();
        var results = Kernels.Conformance.Check(sample.Row, sample.Inputs());
        Assert.Equal(
            sample.Row.Forms.SelectMany(form => form.InBlocks(Kernels.Conformance.Block).Prepend(form)).Select(form => form.Name),
            results.Select(result => result.Form).Distinct());
        Assert.All(results, result => Assert.True(
            result.Holds, $"{sample} {result.Form}: {result.Tensor}: relative RMS error {result.Error:e2}, allowed {result.Allowed:e2}"));
    }

    [Fact]
    public void A_form_that_is_wrong_in_one_gradient_is_found()
    {
        using var scope = NewDisposeScope();
        var row = Catalog.Find("softmax");
        var broken = row with { Forms = [new("broken", x => new(Softmax.Plain(x.Q, x.K.detach() + 0.5 * (x.K - x.K.detach()), x.V, x.Causal)), row.Patterns)] };
        var results = Kernels.Conformance.Check(broken, AttentionInputs.Random(row, AttentionShape.Self(1, 2, 9, 8)));
        Assert.Equal(["gradient of k"], results.Where(result => !result.Holds).Select(result => result.Tensor));
    }
}
