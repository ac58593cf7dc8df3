using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The decay factors of one tile, computed once, and the tile loop of the forward pass.</summary>
/// <param name="LogDecay">log λ <c>[B|1,H,1,1]</c> in float64.</param>
/// <param name="Mask">M_ts = λ^{t−s} for s ≤ t, else 0, <c>[B|1,H,block,block]</c>.</param>
/// <param name="Query">What queries are multiplied by, <c>[B|1,H,block,1]</c>.</param>
/// <param name="Key">What keys are multiplied by, <c>[B|1,H,block,1]</c>.</param>
internal sealed record LightningTiles(Tensor LogDecay, Tensor Mask, Tensor Query, Tensor Key)
{
    private long Block => Mask.size(3);

    public static LightningTiles Of(Tensor logDecay, Tensor q, long block, TileConvention? convention = null)
    {
        var size = Math.Min(block, q.size(2));
        var (first, last) = convention is { } given ? (given.QueryFirst, given.KeyLast) : (1, 0);
        var log = logDecay.to(ScalarType.Float64);
        var rows = arange(size, ScalarType.Float64, q.device).unsqueeze(-1);
        var mask = DecayMask.OfPowers(log.squeeze(-1), size, Accumulator.For(q.dtype));
        return new(log, mask, Factor(log * (rows + first)), Factor(log * (size - 1 - rows + last)));

        Tensor Factor(Tensor exponent) => exponent.exp().to(Accumulator.For(q.dtype));
    }

    /// <summary>Checks the arguments; gives the state to start from.</summary>
    public static Tensor Check(Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? initialState, long block)
    {
        Arguments.Positive(block, nameof(block));
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        DecayOperands.CheckDecay(logDecay, q);
        if (logDecay.size(2) != 1)
            Arguments.Fail(nameof(logDecay), Arguments.Text(logDecay.shape), "[B|1,H,1,1]: one decay a head for all tokens");
        return DecayOperands.InitialState(initialState, q, q.size(3), v.size(3));
    }

    /// <summary>The tiles of a sequence: where each starts, and its factors.</summary>
    public IEnumerable<LightningTile> Over(long length)
    {
        var whole = Tile(Block);
        for (var start = 0L; start < length; start += Block)
            yield return (start + Block <= length ? whole : Tile(length - start)) with { Start = start };
    }

    public AttentionOutput Forward(Tensor q, Tensor k, Tensor v, Tensor initialState, IoCounter? io = null)
    {
        var output = empty([q.size(0), q.size(1), q.size(2), v.size(3)], q.dtype, q.device);
        using var off = no_grad();
        using var whole = NewDisposeScope();
        var state = initialState.clone();
        foreach (var tile in Over(q.size(2)))
        {
            using var scope = NewDisposeScope();
            var (qi, ki, vi) = (tile.Load(q, io), tile.Load(k, io), tile.Load(v, io));
            using (var inside = NewDisposeScope())
            {
                var scores = Product(qi, ki.transpose(-2, -1), io).mul_(tile.Mask);
                var rows = Product(scores, vi, io).add_(Product(qi * tile.Query, state, io));
                tile.Of(output).copy_(rows);
                io?.Write(rows);
                io?.Observe(whole, scope, inside);
            }
            state.mul_(tile.Decay).add_(Product((ki * tile.Key).transpose(-2, -1), vi, io));
            io?.Observe(whole, scope);
        }
        return new(output, state.MoveToOuterDisposeScope());
    }

    private static Tensor Product(Tensor left, Tensor right, IoCounter? io) => io?.Product(left, right) ?? left.matmul(right);

    private LightningTile Tile(long size)
    {
        var decay = (LogDecay * size).exp().to(Mask.dtype);
        return size == Block
            ? new(0, size, Mask, Query, Key, decay)
            : new(0, size, Mask.narrow(2, 0, size).narrow(3, 0, size), Query.narrow(2, 0, size), Key.narrow(2, Block - size, size), decay);
    }
}
