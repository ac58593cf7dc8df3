using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>A distillation of one synthetic head, and how far what was learned carries.</summary>
/// <param name="Report">On 64 tokens, as in training.</param>
/// <param name="Longer">KL on 256 tokens.</param>
/// <param name="OtherHead">KL on another head, for which the map was not trained.</param>
/// <param name="Uniform">KL of weights that are alike for all keys a row sees, on 64 tokens.</param>
public sealed record DistillRun(DistillReport Report, double Longer, double OtherHead, double Uniform);

/// <summary>Distils <see cref="SyntheticHead"/>s.</summary>
public static class DistillStudy
{
    private const int Batch = 8, Length = 64, LongLength = 256, TestBatch = 32, OtherSeed = 500_000;

    /// <summary>One run: Adam with a largest rate of 10⁻², batches of 8 sequences of 64 tokens.</summary>
    /// <param name="basis">The activation after the learned W and b.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Fixes head and sequences.</param>
    /// <param name="shuffled">Whether the target's weights are shuffled among the keys that a row sees: a target with nothing to learn.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static DistillRun Run(FeatureMap basis, int steps, int seed, bool shuffled = false, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed + 1_000_000, CPU);
        using SyntheticHead head = new(seed), other = new(seed + OtherSeed);
        using var map = new LearnedFeatureMap(basis, heads: 1, SyntheticHead.Dim);
        var (test, longer, elsewhere) = (
            head.Sample(TestBatch, Length, generator), head.Sample(TestBatch / 4, LongLength, generator), other.Sample(TestBatch, Length, generator));
        var report = AttentionDistiller.Fit(
            map, () => head.Sample(Batch, Length, generator), test, steps, target: shuffled ? Shuffled : null, cancellation: cancellation);
        var teacher = AttentionDistiller.Teacher(test.Q, test.K);
        var uniform = AttentionDistiller.Teacher(zeros_like(test.Q), test.K);
        return new(
            report, AttentionDistiller.Divergence(map, longer), AttentionDistiller.Divergence(map, elsewhere), AttentionDiagnostics.Divergence(teacher, uniform));

        Tensor Shuffled(Tensor q, Tensor k)
        {
            using var inner = NewDisposeScope();
            var weights = AttentionDistiller.Teacher(q, k);
            var keys = rand(weights.shape, generator: generator);
            var hidden = ones_like(weights, ScalarType.Bool).triu(1);
            return weights.gather(-1, keys.masked_fill(hidden, 2).argsort(-1)).tril().MoveToOuterDisposeScope();
        }
    }
}
