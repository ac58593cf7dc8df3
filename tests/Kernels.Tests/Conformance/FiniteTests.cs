using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Finite inputs give finite outputs, states and gradients.</summary>
public class FiniteTests
{
    private static readonly AttentionShape[] Shapes = [new(1, 2, 37, 37, 6, 5), new(1, 1, 19, 7, 6, 5)];

    public static TheoryData<Sample, string> Samples =>
    [
        .. from sample in Matrix.Over(Shapes, [ScalarType.Float32, ScalarType.BFloat16])
        from extreme in Extremes.For(sample.Row)
        select (sample, extreme),
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Finite_in_finite_out(Sample sample, string extreme)
    {
        using var scope = NewDisposeScope();
        var inputs = Extremes.Apply(extreme, sample.Row, sample.Inputs());
        Assert.All(inputs.Named, named => Assert.True(named.Tensor.isfinite().all().item<bool>()));
        foreach (var form in Variants.Of(sample.Row))
            foreach (var (name, tensor) in Run.WithGradients(form, inputs))
                Assert.True(tensor.isfinite().all().item<bool>(), $"{sample} {form.Name}, {extreme}: {name} holds {tensor.isnan().sum().item<long>()} NaN, {tensor.isinf().sum().item<long>()} infinities");
    }
}
