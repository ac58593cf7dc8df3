using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The tile loops of FlashSigmoid. Each tile adds to its rows, whatever came before it.</summary>
/// <param name="Tiles">The call.</param>
/// <param name="Bias">b.</param>
/// <param name="Order">Shuffles the tiles; null keeps their order.</param>
internal sealed record SigmoidTiles(Tiles Tiles, double Bias, Random? Order)
{
    /// <summary><c>[B,H,Tq,Dv]</c> in the dtype of q; not differentiable.</summary>
    public Tensor Forward()
    {
        using var off = no_grad();
        using var whole = NewDisposeScope();
        var (q, v) = (Tiles.Q, Tiles.V);
        var output = zeros([q.size(0), q.size(1), q.size(2), v.size(3)], Tiles.Dtype, q.device);
        foreach (var (row, column) in Visible())
        {
            using var tile = NewDisposeScope();
            row.Of(output).add_(Weights(row, column).matmul(column.Of(v).Widen()));
        }

        return output.to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>dQ, dK, dV from dO alone: dS = P∘(1 − P)∘dOVᵀ.</summary>
    public IReadOnlyList<Tensor> Backward(Tensor outputGradient)
    {
        using var whole = NewDisposeScope();
        Tensor Zeros(Tensor like) => zeros(like.shape, Tiles.Dtype, like.device);
        var (q, k, v) = (Tiles.Q, Tiles.K, Tiles.V);
        var (dq, dk, dv) = (Zeros(q), Zeros(k), Zeros(v));
        foreach (var (row, column) in Visible())
        {
            using var tile = NewDisposeScope();
            var weights = Weights(row, column);
            var doi = row.Of(outputGradient).Widen();
            var ds = weights * (1 - weights) * doi.matmul(column.Of(v).Widen().transpose(-2, -1)) * Tiles.Scale;
            column.Of(dv).add_(weights.transpose(-2, -1).matmul(doi));
            row.Of(dq).add_(ds.matmul(column.Of(k).Widen()));
            column.Of(dk).add_(ds.transpose(-2, -1).matmul(row.Of(q).Widen()));
        }

        return [.. new[] { (dq, q), (dk, k), (dv, v) }.Select(pair => pair.Item1.to(pair.Item2.dtype).MoveToOuterDisposeScope())];
    }

    // σ(−∞) = 0, so that what the mask hides adds nothing.
    private Tensor Weights(Block row, Block column) =>
        (Tiles.Scores(row.Of(Tiles.Q).Widen(), column.Of(Tiles.K).Widen(), row, column) + Bias).sigmoid();

    private IEnumerable<(Block Row, Block Column)> Visible()
    {
        var all = Tiles.Rows.SelectMany(row => Tiles.Columns.Where(column => Tiles.Visible(row, column)).Select(column => (row, column))).ToArray();
        Order?.Shuffle(all);
        return all;
    }
}
