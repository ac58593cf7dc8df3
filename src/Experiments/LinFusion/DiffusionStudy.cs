using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How long a diffusion model is trained and distilled, and how many images are drawn.</summary>
/// <param name="Train">Updates of the teacher.</param>
/// <param name="Distil">Updates of the student.</param>
/// <param name="Images">Images drawn from each.</param>
public sealed record DiffusionPlan(int Train, int Distil, int Images);

/// <summary>Energy distances to real images, and some of the images, <c>[n,64]</c>.</summary>
/// <param name="Teacher">The softmax model's.</param>
/// <param name="Student">Of the model whose attention was replaced and distilled.</param>
/// <param name="Copied">Of the model whose attention was replaced and not distilled.</param>
/// <param name="Noise">Of pure noise.</param>
/// <param name="Real">Of other real images.</param>
/// <param name="Pictures">A few images each of real, teacher, student and copied.</param>
public sealed record DiffusionResult(double Teacher, double Student, double Copied, double Noise, double Real, IReadOnlyList<Tensor> Pictures);

/// <summary>Trains a <see cref="Denoiser"/> with softmax attention, replaces the attention and distils it.</summary>
public static class DiffusionStudy
{
    private const int Batch = 24, RealImages = 300, Shown = 6;
    private const double Rate = 3e-3;

    /// <summary>One run: Adam with a largest rate of 3·10⁻³ and batches of 24; distillation trains the replaced layers alone.</summary>
    /// <param name="plan">How long.</param>
    /// <param name="seed">Fixes weights, images and noise.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static DiffusionResult Run(DiffusionPlan plan, int seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        using var teacher = Denoiser.WithSoftmax(seed);
        Trainer.Run(teacher, Plan(plan.Train), _ =>
        {
            var (noisy, time, noise) = Noised(generator);
            return (teacher.call(noisy, time) - noise).square().mean();
        }, cancellation: cancellation);

        using var student = teacher.WithLinFusion(seed + 1);
        var real = BlobImages.Sample(RealImages, generator);
        Tensor Drawn(Denoiser model) => Diffusion.Draw(model, plan.Images, seed + 2, cancellation);
        var copied = Drawn(student);
        Trainer.Run(student, Plan(plan.Distil), _ =>
        {
            var (noisy, time, noise) = Noised(generator);
            var (own, features) = student.WithFeatures(noisy, time);
            using var off = no_grad();
            var (wanted, targets) = teacher.WithFeatures(noisy, time);
            using var on = enable_grad();
            return AttentionDistillation.Loss(noise, own, wanted, features, targets);
        }, cancellation: cancellation);

        var (fromTeacher, fromStudent) = (Drawn(teacher), Drawn(student));
        double Distance(Tensor images) => BlobImages.EnergyDistance(images, real);
        return new(
            Distance(fromTeacher), Distance(fromStudent), Distance(copied), Distance(randn([plan.Images, BlobImages.Pixels], generator: generator)),
            Distance(BlobImages.Sample(plan.Images, generator)),
            [.. new[] { real, fromTeacher, fromStudent, copied }.Select(images => images.narrow(0, 0, Shown).clone().DetachFromDisposeScope())]);
    }

    private static TrainingPlan Plan(int steps) => new(steps, Rate) { WeightDecay = 0 };

    private static (Tensor Noisy, Tensor Time, Tensor Noise) Noised(Generator generator)
    {
        var noise = randn([Batch, BlobImages.Pixels], generator: generator);
        var time = randint(0, Diffusion.Steps, [Batch], ScalarType.Int64, generator: generator);
        return (Diffusion.Blur(BlobImages.Sample(Batch, generator), time, noise), time, noise);
    }
}
