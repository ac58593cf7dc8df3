using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Numbers that describe an attention matrix. All in float64; none changes its argument.</summary>
/// <remarks>
/// Rows of a mechanism without a softmax need not sum to one, and may hold negative weights: shares are |w| over its row's sum, so that for
/// softmax they are the weights themselves. A row of zeros has entropy 0.
/// </remarks>
public static class PatternStatistics
{
    /// <summary>The Shannon entropy of each row's shares, −Σ p ln p, in nats: 0 when one key has it all, ln Tk when all have as much.</summary>
    /// <param name="weights"><c>[…,Tq,Tk]</c>.</param>
    /// <returns><c>[…,Tq]</c>.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
    public static Tensor Entropy(Tensor weights)
    {
        Matrix(weights, nameof(weights));
        using var scope = NewDisposeScope();
        return special.entr(Shares(weights)).sum(-1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The effective rank of each matrix: exp of the entropy of its normalised singular values (Roy and Vetterli 2007); 1 for one direction, at
    /// most min(Tq, Tk), 0 for a matrix of zeros.
    /// </summary>
    /// <param name="weights"><c>[…,Tq,Tk]</c>.</param>
    /// <returns><c>[…]</c>.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
    public static Tensor EffectiveRank(Tensor weights)
    {
        Matrix(weights, nameof(weights));
        return RankDiagnostics.Effective(weights);
    }

    /// <summary>The total variation distance of each pair of rows' shares, ½Σ|p − p′|: 0 when they are alike, 1 when no key is shared.</summary>
    /// <param name="weights"><c>[…,Tq,Tk]</c>.</param>
    /// <param name="other">As <paramref name="weights"/>.</param>
    /// <returns><c>[…,Tq]</c>.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions, or different shapes.</exception>
    public static Tensor TotalVariation(Tensor weights, Tensor other)
    {
        Matrix(weights, nameof(weights));
        if (!weights.shape.SequenceEqual(other.shape))
            Arguments.Fail(nameof(other), Arguments.Text(other.shape), Arguments.Text(weights.shape));
        using var scope = NewDisposeScope();
        return ((Shares(weights) - Shares(other)).abs().sum(-1) / 2).MoveToOuterDisposeScope();
    }

    private static Tensor Shares(Tensor weights)
    {
        var sizes = weights.to(ScalarType.Float64).abs();
        return sizes / sizes.sum(-1, keepdim: true).clamp_min(double.Epsilon);
    }

    private static void Matrix(Tensor weights, string name)
    {
        if (weights.dim() < 2)
            Arguments.Fail(name, Arguments.Text(weights.shape), "[…,Tq,Tk]");
    }
}
