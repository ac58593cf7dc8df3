using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class LinFusionStudyTests
{
    [Fact]
    public void A_field_is_the_same_at_every_size()
    {
        using var scope = NewDisposeScope();
        var fields = new FourierFields(40, 1);
        // Cell (0, 0) of 8×8 has its middle where cells (1, 1) of 24×24 have theirs.
        Assert.True(fields.On(8).select(1, 0).allclose(fields.On(24).select(1, 24 + 1), 1e-4, 1e-4));
        Assert.InRange(fields.On(16).var().item<float>(), 0.8, 1.2);
        Assert.StartsWith("side: got 0", Assert.Throws<ArgumentException>(() => fields.On(0)).Message);
        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => new FourierFields(0, 1)).Message);
    }

    [Fact]
    public void A_normalised_student_carries_over_to_another_size_and_an_unnormalised_one_does_not()
    {
        var stop = TestContext.Current.CancellationToken;
        var own = FieldStudy.Run(StudentKind.Normalised, 40, 1, cancellation: stop);
        Assert.True(own.Errors[0] < own.Before && own.Errors[2] < 1.2 * own.Errors[0], $"{own.Before}, {string.Join(", ", own.Errors)}");
        Assert.InRange(own.MapError, own.LeastMapError, 1);
        var sums = FieldStudy.Run(StudentKind.Unnormalised, 40, 1, cancellation: stop);
        Assert.True(sums.Errors[2] > 4 * sums.Errors[0], string.Join(", ", sums.Errors));
    }

    [Fact]
    public void Blobs_mirror_each_other_and_energy_tells_sets_apart()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1UL, CPU);
        var images = BlobImages.Sample(200, generator);
        Assert.True(images.allclose(images.flip(1), 1e-5, 1e-5));
        Assert.InRange(images.max().item<float>(), 0.8, 1);
        Assert.InRange(BlobImages.EnergyDistance(images, BlobImages.Sample(200, generator)), -0.1, 0.1);
        Assert.InRange(BlobImages.EnergyDistance(images, randn(200, 64)), 1, 10);
        Assert.StartsWith("x: got [1,64]", Assert.Throws<ArgumentException>(() => BlobImages.EnergyDistance(images.narrow(0, 0, 1), images)).Message);
    }

    [Fact]
    public void Noise_grows_from_little_to_nearly_all()
    {
        using var scope = NewDisposeScope();
        var (image, nothing) = (ones(2, 64), zeros(2, 64));
        var left = Diffusion.Blur(image, tensor(new[] { 0L, Diffusion.Steps - 1 }), nothing).select(1, 0).data<float>().ToArray();
        Assert.InRange(left[0], 0.999, 1);
        Assert.InRange(left[1], 0.05, 0.2);
        Assert.Equal(1 - left[1] * left[1], Math.Pow(Diffusion.Blur(nothing, tensor(new long[] { 49, 49 }), image)[0, 0].item<float>(), 2), 1e-4);
    }

    [Fact]
    public void Replacing_attention_copies_all_else_and_distillation_is_the_sum_of_its_parts()
    {
        using var scope = NewDisposeScope();
        using var teacher = Denoiser.WithSoftmax(1);
        using var student = teacher.WithLinFusion(2);
        var own = student.state_dict();
        Assert.All(teacher.state_dict(), named => Assert.True(named.Value.allclose(own[named.Key], 0, 0), named.Key));
        Assert.All(student.named_parameters(), named => Assert.Equal(named.name.Contains("_attention", StringComparison.Ordinal), named.parameter.requires_grad));
        Assert.Throws<InvalidOperationException>(() => student.WithLinFusion(3));
        var (noise, features) = student.WithFeatures(randn(3, 64), tensor(new long[] { 0, 20, 49 }));
        Assert.Equal([3, 64], noise.shape);
        Assert.All(features, feature => Assert.Equal([3, 64, Denoiser.Dim], feature.shape));
        var shifted = features.Select(feature => feature + 2).ToArray();
        Assert.Equal(1 + 0.5 * 9 + 0.5 * 4, AttentionDistillation.Loss(noise + 1, noise, noise + 3, features, shifted).item<float>(), 1e-3);
        Assert.StartsWith("studentFeatures: got 2 for 1", Assert.Throws<ArgumentException>(
            () => AttentionDistillation.Loss(noise, noise, noise, features, [features[0]])).Message);
    }

    [Fact]
    public void A_diffusion_model_is_trained_replaced_and_distilled()
    {
        var result = DiffusionStudy.Run(new(Train: 8, Distil: 4, Images: 20), 1, TestContext.Current.CancellationToken);
        Assert.All(new[] { result.Teacher, result.Student, result.Copied, result.Noise }, distance => Assert.True(double.IsFinite(distance) && distance > result.Real));
        Assert.NotEqual(result.Copied, result.Student);
        Assert.Equal(4, result.Pictures.Count);
    }
}
