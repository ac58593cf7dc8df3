using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The backward tile loop, which recomputes the weights from the log-sum-exp (Dao et al. 2022, Algorithm 4).</summary>
internal static class FlashBackward
{
    /// <summary>D_i = Σ_j P_ij dP_ij = dO_i·O_i, <c>[B,H,Tq,1]</c>: what makes a whole row of P unnecessary (appendix B.2).</summary>
    public static Tensor RowDot(Tensor outputGradient, Tensor output)
    {
        using var scope = NewDisposeScope();
        return (outputGradient.Widen() * output.Widen()).sum(-1, keepdim: true).MoveToOuterDisposeScope();
    }

    /// <summary>dQ, dK, dV in the dtype of the inputs, from dO, LSE and D.</summary>
    public static (Tensor DQ, Tensor DK, Tensor DV) Run(Tiles tiles, Tensor outputGradient, Tensor logSumExp, Tensor rowDot)
    {
        using var off = no_grad();
        using var whole = NewDisposeScope();
        var dq = zeros(tiles.Q.shape, tiles.Dtype, tiles.Q.device);
        var (dk, dv) = (empty_like(tiles.K), empty_like(tiles.V));
        // A row that saw no key has LSE −∞; +∞ in its place makes every recomputed weight 0.
        var normaliser = logSumExp.unsqueeze(-1).masked_fill(logSumExp.unsqueeze(-1).isneginf(), double.PositiveInfinity);
        foreach (var column in tiles.Columns)
        {
            using var columnScope = NewDisposeScope();
            var (kj, vj) = (column.Of(tiles.K).Widen(), column.Of(tiles.V).Widen());
            var (dkj, dvj) = (zeros_like(kj), zeros_like(vj));
            foreach (var row in tiles.Rows.Where(row => tiles.Visible(row, column)))
            {
                using var tile = NewDisposeScope();
                var (qi, doi) = (row.Of(tiles.Q).Widen(), row.Of(outputGradient).Widen());
                var weights = Bits.ExpInPlace(tiles.Scores(qi, kj, row, column).sub_(row.Of(normaliser)));
                var ds = doi.matmul(vj.transpose(-2, -1)).sub_(row.Of(rowDot)).mul_(weights).mul_(tiles.Scale);
                dvj.add_(weights.transpose(-2, -1).matmul(doi));
                dkj.add_(ds.transpose(-2, -1).matmul(qi));
                row.Of(dq).add_(ds.matmul(kj));
            }
            column.Of(dk).copy_(dkj);
            column.Of(dv).copy_(dvj);
        }
        return whole.MoveToOuter(dq.to(tiles.Q.dtype), dk, dv);
    }
}
