using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What a distillation came to, on queries and keys that training never saw. In nats, means over rows.</summary>
/// <param name="Losses">KL of each update's batch, before it.</param>
/// <param name="Before">KL(softmax ‖ map) of the map as it came.</param>
/// <param name="After">The same of the trained map.</param>
/// <param name="EntropyGap">The map's row entropy minus softmax's.</param>
/// <param name="Monotonicity">Spearman's ρ of scores and the map's weights.</param>
public sealed record DistillReport(IReadOnlyList<double> Losses, double Before, double After, double EntropyGap, double Monotonicity);

/// <summary>Trains feature maps to give the weights of causal softmax attention, for fixed queries and keys.</summary>
public static class AttentionDistiller
{
    private const double Floor = 1e-12;

    /// <summary>Minimises the mean cross-entropy −Σ_j a_ij ln â_ij by Adam, its rate falling to 0 by a cosine.</summary>
    /// <param name="map">Trained in place; nothing else is.</param>
    /// <param name="batches">Draws queries and keys <c>[B,H,T,D]</c> for an update.</param>
    /// <param name="test">Queries and keys to judge by.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="rate">The largest learning rate: 10⁻² is usual, for maps are tiny.</param>
    /// <param name="target">What the weights are to be, from queries and keys; softmax attention when null.</param>
    /// <param name="cancellation">Ends the training.</param>
    public static DistillReport Fit(
        LearnedFeatureMap map, Func<(Tensor Q, Tensor K)> batches, (Tensor Q, Tensor K) test, int steps, double rate = 1e-2,
        Func<Tensor, Tensor, Tensor>? target = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(batches);
        target ??= Teacher;
        var before = Divergence(map, test);
        var entropies = new double[steps];
        var plan = new TrainingPlan(steps, rate) { WarmUp = 0, WeightDecay = 0 };
        var losses = Trainer.Run(map, plan, Loss, cancellation: cancellation);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (teacher, student) = (Teacher(test.Q, test.K), Weights(map, test.Q, test.K));
        return new(
            [.. losses.Zip(entropies, (loss, entropy) => loss - entropy)], before, AttentionDiagnostics.Divergence(teacher, student),
            AttentionDiagnostics.RowEntropy(student) - AttentionDiagnostics.RowEntropy(teacher),
            AttentionDiagnostics.Monotonicity(test.Q.matmul(test.K.transpose(-2, -1)), student));

        Tensor Loss(int step)
        {
            using var scope = NewDisposeScope();
            var (q, k) = batches();
            var wanted = target(q, k).detach();
            entropies[step] = special.entr(wanted).sum(-1).mean().item<float>();
            return AttentionDiagnostics.CrossEntropy(wanted, Weights(map, q, k)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Softmax attention's weights, causal.</summary>
    public static Tensor Teacher(Tensor q, Tensor k) => Softmax.Weights(q, k, causal: true);

    /// <summary>The map's weights, causal.</summary>
    public static Tensor Weights(LearnedFeatureMap map, Tensor q, Tensor k)
    {
        ArgumentNullException.ThrowIfNull(map);
        return LinearAttention.Weights(q, k, causal: true, featureMap: map.Queries, floor: Floor, keyMap: map.Keys);
    }

    /// <summary>The map's linear attention, causal.</summary>
    public static Tensor Attend(LearnedFeatureMap map, Tensor q, Tensor k, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(map);
        return LinearAttention.Parallel(q, k, v, causal: true, featureMap: map.Queries, floor: Floor, keyMap: map.Keys).Output;
    }

    /// <summary>KL(softmax ‖ map) in nats, the mean over rows.</summary>
    public static double Divergence(LearnedFeatureMap map, (Tensor Q, Tensor K) test)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return AttentionDiagnostics.Divergence(Teacher(test.Q, test.K), Weights(map, test.Q, test.K));
    }
}
