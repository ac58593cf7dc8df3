using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The tile loop with query blocks outside (FlashAttention-2, Dao 2023, Algorithm 1).</summary>
internal static class FlashForward
{
    /// <summary>Gives <c>[B,H,Tq,Dv]</c> in q's dtype and LSE <c>[B,H,Tq]</c> in the accumulator's; neither is differentiable.</summary>
    public static (Tensor Output, Tensor LogSumExp) Run(Tiles tiles, IoCounter? io = null)
    {
        var (q, k, v) = (tiles.Q, tiles.K, tiles.V);
        var output = empty([q.size(0), q.size(1), q.size(2), v.size(3)], q.dtype, q.device);
        using var off = no_grad();
        using var whole = NewDisposeScope();
        var logSumExp = empty([q.size(0), q.size(1), q.size(2), 1], tiles.Dtype, q.device);
        foreach (var row in tiles.Rows)
        {
            using var rowScope = NewDisposeScope();
            var qi = Load(row, q, io);
            var sum = zeros([q.size(0), q.size(1), row.Size, 1], tiles.Dtype, q.device);
            var maximum = full_like(sum, double.NegativeInfinity);
            var accumulated = zeros([q.size(0), q.size(1), row.Size, v.size(3)], tiles.Dtype, q.device);
            foreach (var column in tiles.Columns.TakeWhile(column => tiles.Visible(row, column)))
            {
                using var tile = NewDisposeScope();
                var scores = tiles.Scores(qi, Load(column, k, io), row, column);
                var newMaximum = Larger(maximum, scores.amax([-1], keepdim: true));
                var safe = OnlineSoftmax.Safe(newMaximum);
                var (weights, rescale) = (Bits.ExpInPlace(scores.sub_(safe)), (maximum - safe).exp());
                sum.mul_(rescale).add_(weights.sum(-1, keepdim: true));
                accumulated.mul_(rescale).add_(weights.matmul(Load(column, v, io)));
                maximum.copy_(newMaximum);
                io?.Observe(whole, rowScope, tile);
            }
            Store(row, output, accumulated / OnlineSoftmax.Divisor(sum), io);
            Store(row, logSumExp, maximum + sum.log(), io);
        }
        return (output, logSumExp.squeeze(-1).MoveToOuterDisposeScope());
    }

    private static Tensor Load(Block block, Tensor tensor, IoCounter? io)
    {
        var part = block.Of(tensor);
        return (io?.Read(part) ?? part).Widen();
    }

    private static void Store(Block block, Tensor target, Tensor value, IoCounter? io)
    {
        block.Of(target).copy_(value);
        io?.Write(value);
    }

    private static Tensor Larger(Tensor a, Tensor b) => maximum(a, b);
}
