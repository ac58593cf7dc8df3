using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Forms are functions: they change no input, take views as they are, and give gradients to whichever inputs ask.</summary>
public class PurityTests
{
    public static TheoryData<Sample> Samples => [.. Matrix.Small, .. Matrix.Over([new(2, 3, 37, 37, 6, 5)], [ScalarType.BFloat16])];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Inputs_are_not_modified(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        var before = inputs.Map((_, tensor) => tensor.clone()).Named;
        foreach (var form in Variants.Of(sample.Row))
        {
            var result = form.Run(inputs);
            result.Output.fill_(7);
            result.State?.fill_(7);
            Run.WithGradients(form, inputs);
        }
        sample.Row.Weights?.Invoke(inputs).fill_(7);
        foreach (var ((name, was), (_, now)) in before.Zip(inputs.Named))
            Assert.True(was.eq(now).all().item<bool>(), $"{sample}: {name} was modified");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Outputs_have_the_promised_shape_and_dtype(Sample sample)
    {
        using var scope = NewDisposeScope();
        var (inputs, shape) = (sample.Inputs(), sample.Shape);
        foreach (var form in Variants.Of(sample.Row))
        {
            var (output, state) = form.Run(inputs);
            Assert.Equal([shape.Batch, shape.Heads, shape.QueryLength, shape.ValueDim], output.shape);
            Assert.Equal(sample.Dtype, output.dtype);
            Assert.Equal(sample.Row.State is null, state is null);
            Assert.False(output.requires_grad);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Views_with_any_strides_give_what_copies_give(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        // As a layer makes them, [B,T,H,D] seen as [B,H,T,D], and with a stride that skips every other channel.
        var views = inputs.Map((_, tensor) => stack([tensor, tensor + 1], -1).transpose(1, 2).contiguous().transpose(1, 2).select(-1, 0));
        Assert.All(views.Named, named => Assert.False(named.Tensor.is_contiguous()));
        foreach (var form in Variants.Of(sample.Row))
            Tolerance.AssertAgree($"{sample} {form.Name}", Run.Forward(form, views), Run.Forward(form, inputs), sample.Dtype);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Each_input_alone_gets_the_gradient_it_gets_with_all(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        foreach (var form in Variants.Of(sample.Row))
        {
            var all = inputs.Map((_, tensor) => tensor.detach().clone().requires_grad_(true));
            form.Run(all).Output.to(ScalarType.Float64).square().sum().backward();
            foreach (var (name, leaf) in all.Named)
            {
                var alone = inputs.Map((candidate, tensor) => candidate == name ? tensor.detach().clone().requires_grad_(true) : tensor);
                form.Run(alone).Output.to(ScalarType.Float64).square().sum().backward();
                Tolerance.AssertAgree($"{sample} {form.Name}: {name}", alone.Named.Single(named => named.Name == name).Tensor.grad!, leaf.grad!, sample.Dtype);
            }
        }
    }
}
