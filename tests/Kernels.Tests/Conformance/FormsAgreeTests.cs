using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>All forms of a row, in all block sizes, are one function: output, state and every gradient.</summary>
public class FormsAgreeTests
{
    private static readonly AttentionShape[] Shapes =
    [
        AttentionShape.Self(1, 2, 1, 5),
        new(1, 2, 97, 97, 6, 7),
        new(1, 2, 17, 45, 6, 7),
        new(1, 2, 45, 17, 6, 7),
    ];

    public static TheoryData<Sample> Samples => [.. Matrix.Over(Shapes, [ScalarType.Float64, ScalarType.Float32])];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_form_in_every_block_size_agrees_with_the_first(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        var first = Run.WithGradients(sample.Row.Forms[0], inputs);
        foreach (var form in Variants.Of(sample.Row).Skip(1))
            Tolerance.AssertAgree($"{sample} {form.Name}", Run.WithGradients(form, inputs), first, sample.Dtype);
    }
}
