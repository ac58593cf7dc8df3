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
        var inputs = sample.Inputs();
        var exact = Run.WithGradients(sample.Row.Reference, inputs.To(ScalarType.Float64));
        var scale = Tolerance.LargestNorm(exact.Values);
        var plain = Run.WithGradients(sample.Row.Reference, inputs);
        foreach (var form in sample.Row.Forms)
        {
            Assert.True(form.Patterns.HasFlag(sample.Shape.Pattern(sample.Causal)), $"{sample.Id}: the form {form.Name} serves less than its row");
            var got = Run.WithGradients(form, inputs);
            Assert.Equal(exact.Keys.Order(), got.Keys.Order());
            foreach (var (name, expected) in exact)
                Tolerance.AssertClose($"{sample} {form.Name}: {name}", got[name], expected, plain[name], sample.Dtype, scale);
        }
    }
}
