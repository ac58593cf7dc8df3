using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// How many directions a matrix really uses, by three measures of its singular values σ. All in float64; none changes its argument. A matrix
/// of zeros has rank 0 by each.
/// </summary>
public static class RankDiagnostics
{
    /// <summary>
    /// The effective rank, exp of the entropy of σ/Σσ (Roy and Vetterli 2007): 1 for one direction, min(rows, columns) when all count alike.
    /// </summary>
    /// <param name="matrix"><c>[…,rows,columns]</c>.</param>
    /// <returns><c>[…]</c>.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
    public static Tensor Effective(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var values = SingularValues(matrix);
        var sum = values.sum(-1, keepdim: true);
        var rank = special.entr(values / sum.clamp_min(double.Epsilon)).sum(-1).exp();
        return rank.masked_fill(sum.squeeze(-1) == 0, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The stable rank ‖M‖²_F / ‖M‖²₂, which small singular values hardly move: at most the rank.</summary>
    /// <inheritdoc cref="Effective"/>
    public static Tensor Stable(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var values = SingularValues(matrix);
        return (values / values.narrow(-1, 0, 1).clamp_min(double.Epsilon)).square().sum(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The numerical rank: how many singular values exceed a share of the largest.</summary>
    /// <param name="matrix"><c>[…,rows,columns]</c>.</param>
    /// <param name="tolerance">The share, from 0 and below 1; 0.01 asks what matters, 1e-10 what is not rounding.</param>
    /// <returns><c>[…]</c>, float64.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions, or a share out of range.</exception>
    public static Tensor Numerical(Tensor matrix, double tolerance = 0.01)
    {
        if (!(tolerance >= 0 && tolerance < 1))
            Arguments.Fail(nameof(tolerance), tolerance.ToString(System.Globalization.CultureInfo.InvariantCulture), "a number from 0 and below 1");
        using var scope = NewDisposeScope();
        var values = SingularValues(matrix);
        return (values > tolerance * values.narrow(-1, 0, 1)).sum(-1).to(ScalarType.Float64).MoveToOuterDisposeScope();
    }

    /// <summary>The singular values, largest first.</summary>
    /// <param name="matrix"><c>[…,rows,columns]</c>.</param>
    /// <returns><c>[…,min(rows,columns)]</c>, float64.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
    public static Tensor SingularValues(Tensor matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.dim() < 2)
            Arguments.Fail(nameof(matrix), Arguments.Text(matrix.shape), "[…,rows,columns]");
        using var scope = NewDisposeScope();
        return linalg.svdvals(matrix.to(ScalarType.Float64)).MoveToOuterDisposeScope();
    }
}
