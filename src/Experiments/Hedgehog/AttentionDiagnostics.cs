using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How like softmax's causal attention weights are: how spiky, how monotone, how near.</summary>
public static class AttentionDiagnostics
{
    private const int FirstRow = 8; // Earlier rows see too few keys to tell.
    private const double LeastWeight = 1e-12;

    /// <summary>The mean entropy of all rows in nats: the lower, the spikier. It is 3.21 where 64 rows are uniform over what they see.</summary>
    /// <param name="weights"><c>[…,T,T]</c>, causal.</param>
    public static double RowEntropy(Tensor weights)
    {
        using var scope = NewDisposeScope();
        return PatternStatistics.Entropy(weights).mean().item<double>();
    }

    /// <summary>The mean over rows from 8 on of Spearman's ρ of scores and weights: 1 where weights grow with scores.</summary>
    /// <param name="scores">q·k, <c>[B,H,T,T]</c>.</param>
    /// <param name="weights"><c>[B,H,T,T]</c>, causal, T &gt; 8.</param>
    public static double Monotonicity(Tensor scores, Tensor weights)
    {
        using var scope = NewDisposeScope();
        if (weights.dim() != 4 || weights.size(2) <= FirstRow)
            throw new ArgumentException($"weights: got [{string.Join(",", weights.shape)}], needs [B,H,T,T] with T > {FirstRow}.", nameof(weights));
        var length = (int)weights.size(3);
        double[] Rows(Tensor matrix) => matrix.narrow(2, FirstRow, length - FirstRow).to(ScalarType.Float64).flatten().data<double>().ToArray();
        var (x, y) = (Rows(scores), Rows(weights));
        return Enumerable.Range(0, x.Length / length).Average(row =>
        {
            var seen = row % (length - FirstRow) + FirstRow + 1;
            return Ranks.Spearman(x.AsSpan(row * length, seen).ToArray(), y.AsSpan(row * length, seen).ToArray());
        });
    }

    /// <summary>The mean over rows of KL(teacher ‖ weights) in nats; a weight of zero counts as 10⁻¹².</summary>
    /// <param name="teacher"><c>[B,H,T,T]</c>, rows that sum to one.</param>
    /// <param name="weights">As <paramref name="teacher"/>.</param>
    public static double Divergence(Tensor teacher, Tensor weights)
    {
        using var scope = NewDisposeScope();
        var entropy = special.entr(teacher.to(ScalarType.Float64)).sum(-1).mean();
        return (CrossEntropy(teacher.to(ScalarType.Float64), weights.to(ScalarType.Float64)) - entropy).item<double>();
    }

    /// <summary>−Σ_j a_ij ln â_ij, the mean over rows: the distillation loss, differentiable by <paramref name="weights"/>.</summary>
    /// <param name="teacher">a, <c>[B,H,T,T]</c>, zero where a key is hidden.</param>
    /// <param name="weights">â, normalised over visible keys only.</param>
    public static Tensor CrossEntropy(Tensor teacher, Tensor weights)
    {
        using var scope = NewDisposeScope();
        return (-(teacher * weights.clamp_min(LeastWeight).log()).sum(-1)).mean().MoveToOuterDisposeScope();
    }
}
