using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What a student makes of its teacher. Errors are ‖student − teacher‖ / ‖teacher‖.</summary>
/// <param name="Before">The error before training, at the size that is trained at.</param>
/// <param name="Errors">The error after it at each of <see cref="FieldStudy.Sides"/>.</param>
/// <param name="MapError">The error of its attention matrix at the size that is trained at, mean over fields; of normalised students alone.</param>
/// <param name="LeastMapError">The least that a matrix of its rank can have.</param>
public sealed record FieldResult(double Before, IReadOnlyList<double> Errors, double MapError, double LeastMapError);

/// <summary>Distils a fixed softmax layer into linear ones on <see cref="FourierFields"/> of one size, and looks at them at others.</summary>
public static class FieldStudy
{
    /// <summary>Rows and columns at training.</summary>
    public const int TrainSide = 8;

    /// <summary>How sharp the teacher is unless said otherwise: the factor on its logits.</summary>
    public const double Sharpness = 2;

    private const int Batch = 16, TestFields = 32;

    /// <summary>Rows and columns at test.</summary>
    public static IReadOnlyList<int> Sides { get; } = [TrainSide, 16, 24];

    /// <summary>One run: Adam with a largest rate of 3·10⁻³, batches of 16 fresh fields, the mean squared error of outputs; all weights learn.</summary>
    /// <param name="kind">How the student sums.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Fixes teacher, student and fields.</param>
    /// <param name="sharpness">The factor on the teacher's logits, positive.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArgumentException">Fewer than one step.</exception>
    public static FieldResult Run(StudentKind kind, int steps, int seed, double sharpness = Sharpness, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var teacher = Teacher(seed, sharpness);
        using var student = new FieldStudent(kind, teacher);
        Weights.Initialise(student, seed + 1); // Fixes the new maps; the projections are copied again.
        student.Layer.load_state_dict(teacher.state_dict(), strict: false);
        var test = new FourierFields(TestFields, seed + 1_000_000);
        double[] Errors(IEnumerable<int> sides)
        {
            using var off = no_grad();
            return [.. sides.Select(side => Error(student.call(test.On(side)), teacher.call(test.On(side))))];
        }

        var before = Errors([TrainSide])[0];
        Trainer.Run(student, new TrainingPlan(steps, 3e-3) { WeightDecay = 0 }, step => Loss(student, teacher, new FourierFields(Batch, seed * 10_000L + step)), cancellation: cancellation);
        var (map, least) = kind == StudentKind.Normalised ? MapErrors(student, teacher, sharpness, test.On(TrainSide)) : (double.NaN, double.NaN);
        return new(before, Errors(Sides), map, least);
    }

    private static ProjectedAttention Teacher(int seed, double sharpness)
    {
        var teacher = new ProjectedAttention(FourierFields.Dim, 1, (q, k, v) => Softmax.Plain(q, k, v, scale: sharpness / Math.Sqrt(FourierFields.Dim)));
        Weights.Initialise(teacher, seed);
        return teacher;
    }

    private static Tensor Loss(FieldStudent student, ProjectedAttention teacher, FourierFields fields)
    {
        var x = fields.On(TrainSide);
        using var off = no_grad();
        var target = teacher.call(x);
        using var on = enable_grad();
        return (student.call(x) - target).square().mean();
    }

    private static (double Map, double Least) MapErrors(FieldStudent student, ProjectedAttention teacher, double sharpness, Tensor x)
    {
        using var off = no_grad();
        var (q, k, _) = student.Layer.Project(x);
        var weights = teacher.state_dict();
        Tensor Head(string name) => nn.functional.linear(x, weights[name]).unsqueeze(1);
        var map = Softmax.Weights(Head("_query.weight"), Head("_key.weight"), scale: sharpness / Math.Sqrt(FourierFields.Dim));
        var values = RankDiagnostics.SingularValues(map).square();
        var beyond = values.narrow(-1, FourierFields.Dim, values.size(-1) - FourierFields.Dim).sum(-1);
        var own = (LinFusion.Weights(q, k) - map).square().sum([-2, -1]);
        var size = map.square().sum([-2, -1]);
        return ((own / size).sqrt().mean().item<float>(), (beyond / values.sum(-1)).sqrt().mean().item<double>());
    }

    private static double Error(Tensor student, Tensor teacher) => ((student - teacher).norm() / teacher.norm()).item<float>();
}
