using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>LinFusion's loss: the noise, the teacher's idea of it, and the teacher's attention outputs.</summary>
public static class AttentionDistillation
{
    /// <summary>‖ε − ε_student‖² + α‖ε_student − ε_teacher‖² + β·mean over layers of ‖f_student − f_teacher‖², each a mean over its numbers.</summary>
    /// <param name="noise">ε.</param>
    /// <param name="student">The student's prediction of it.</param>
    /// <param name="teacher">The teacher's, without gradient.</param>
    /// <param name="studentFeatures">What the student's replaced layers gave.</param>
    /// <param name="teacherFeatures">What the teacher's gave, as many.</param>
    /// <param name="alpha">α.</param>
    /// <param name="beta">β.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">No features, or not as many of both.</exception>
    public static Tensor Loss(
        Tensor noise, Tensor student, Tensor teacher, IReadOnlyList<Tensor> studentFeatures, IReadOnlyList<Tensor> teacherFeatures, double alpha = 0.5, double beta = 0.5)
    {
        ArgumentNullException.ThrowIfNull(studentFeatures);
        ArgumentNullException.ThrowIfNull(teacherFeatures);
        if (studentFeatures.Count == 0 || studentFeatures.Count != teacherFeatures.Count)
            throw new ArgumentException(
                $"studentFeatures: got {studentFeatures.Count} for {teacherFeatures.Count} of the teacher, needs as many, and at least one.", nameof(studentFeatures));
        using var scope = NewDisposeScope();
        Tensor Square(Tensor a, Tensor b) => (a - b).square().mean();
        var features = studentFeatures.Zip(teacherFeatures, Square).Aggregate((a, b) => a + b) / studentFeatures.Count;
        return (Square(noise, student) + alpha * Square(student, teacher) + beta * features).MoveToOuterDisposeScope();
    }
}
