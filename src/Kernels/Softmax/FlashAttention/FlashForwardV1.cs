using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The tile loop with key blocks outside and the output normalised at all times (Dao et al. 2022, Algorithms 1 and 5).</summary>
internal static class FlashForwardV1
{
    /// <summary>As <see cref="FlashForward.Run"/>; tiles that the mask leaves out are neither loaded nor computed.</summary>
    public static (Tensor Output, Tensor LogSumExp) Run(Tiles tiles, IoCounter io, bool[,]? keep = null)
    {
        var (q, k, v) = (tiles.Q, tiles.K, tiles.V);
        using var off = no_grad();
        using var outer = NewDisposeScope();
        var output = zeros([q.size(0), q.size(1), q.size(2), v.size(3)], tiles.Dtype, q.device);
        using var whole = NewDisposeScope();
        var sum = zeros([q.size(0), q.size(1), q.size(2), 1], tiles.Dtype, q.device);
        var maximum = full_like(sum, double.NegativeInfinity);
        foreach (var column in tiles.Columns)
        {
            using var columnScope = NewDisposeScope();
            var (kj, vj) = (io.Read(column.Of(k)).Widen(), io.Read(column.Of(v)).Widen());
            foreach (var row in tiles.Rows.Where(row => tiles.Visible(row, column) && (keep?[row.Index, column.Index] ?? true)))
            {
                using var tile = NewDisposeScope();
                var scores = tiles.Scores(io.Read(row.Of(q)).Widen(), kj, row, column);
                Merge(io.Read(row.Of(output)), io.Read(row.Of(sum)), io.Read(row.Of(maximum)), scores, vj);
                io.Write(row.Of(output));
                io.Write(row.Of(sum));
                io.Write(row.Of(maximum));
                io.Observe(whole, columnScope, tile);
            }
        }
        var logSumExp = (maximum + sum.log()).squeeze(-1).MoveToOuterDisposeScope().MoveToOuterDisposeScope();
        return (output.to(q.dtype).MoveToOuterDisposeScope().MoveToOuterDisposeScope(), logSumExp);
    }

    /// <summary>Algorithm 1, lines 10–13: folds one tile into a row block's output, sum and maximum, in place.</summary>
    private static void Merge(Tensor output, Tensor sum, Tensor maximum, Tensor scores, Tensor values)
    {
        var tileMaximum = scores.amax([-1], keepdim: true);
        var weights = (scores - OnlineSoftmax.Safe(tileMaximum)).exp();
        var newMaximum = TorchSharp.torch.maximum(maximum, tileMaximum);
        var safe = OnlineSoftmax.Safe(newMaximum);
        var (keptShare, tileShare) = ((maximum - safe).exp() * sum, (tileMaximum - safe).exp());
        var newSum = keptShare + tileShare * weights.sum(-1, keepdim: true);
        output.copy_((keptShare * output + tileShare * weights.matmul(values)) / OnlineSoftmax.Divisor(newSum));
        sum.copy_(newSum);
        maximum.copy_(newMaximum);
    }
}
