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

    public static TheoryData<Sample, string> Ends =>
        [.. from sample in Matrix.Over([new(1, 2, 97, 97, 6, 7)], [ScalarType.Float64, ScalarType.Float32]) from end in Extremes.EndsOf(sample.Row) select (sample, end)];

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

    [Theory]
    [MemberData(nameof(Ends))]
    public void Every_form_keeps_its_precision_at_the_ends_of_a_range(Sample sample, string end)
    {
        using var scope = NewDisposeScope();
        var inputs = Extremes.Apply(end, sample.Row, sample.Inputs());
        var exact = Run.Forward(sample.Row.Reference, inputs.To(ScalarType.Float64));
        foreach (var form in Variants.Of(sample.Row))
            Tolerance.AssertAgree($"{sample} {form.Name}, {end}", Run.Forward(form, inputs), exact, sample.Dtype);
    }
}
