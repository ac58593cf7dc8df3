using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>One call cut into tiles: what the forward and backward loops share.</summary>
internal sealed record Tiles(Tensor Q, Tensor K, Tensor V, bool Causal, double Scale, TileSize Size)
{
    public static Tiles Of(Tensor q, Tensor k, Tensor v, bool causal, double? scale, TileSize? size)
    {
        Arguments.Qkv(q, k, v);
        return new(q, k, v, causal, Arguments.Scale(scale, q.size(3)), size?.Checked() ?? TileSize.For(new AttentionInputs(q, k, v).Shape));
    }

    public ScalarType Dtype { get; } = Accumulator.For(Q.dtype);

    public IEnumerable<Block> Rows => Cut(Q.size(2), Size.Queries);

    public IEnumerable<Block> Columns => Cut(K.size(2), Size.Keys);

    /// <summary>Whether any query of the row block may see any key of the column block.</summary>
    public bool Visible(Block row, Block column) => !Causal || column.Start < Visibility.Keys(row.End - 1, Q.size(2), K.size(2));

    /// <summary>S_ij = s·Q_iK_jᵀ, −∞ where the causal mask hides a key.</summary>
    public Tensor Scores(Tensor qi, Tensor kj, Block row, Block column)
    {
        var scores = (qi * Scale).matmul(kj.transpose(-2, -1));
        var firstSees = Visibility.Keys(row.Start, Q.size(2), K.size(2));
        if (!Causal || column.End <= firstSees)
            return scores;
        // Query r of the tile sees keys before firstSees + r: what lies above that diagonal is hidden.
        var hidden = ones([row.Size, column.Size], ScalarType.Bool, Q.device).triu(firstSees - column.Start);
        return scores.masked_fill_(hidden, double.NegativeInfinity);
    }

    private static IEnumerable<Block> Cut(long length, int size)
    {
        for (var (start, index) = (0L, 0); start < length; start += size, index++)
            yield return new(index, start, Math.Min(size, length - start));
    }
}

/// <summary>A stretch of tokens.</summary>
internal readonly record struct Block(int Index, long Start, long Size)
{
    public long End => Start + Size;

    /// <summary>These tokens of a tensor <c>[B,H,T,·]</c>, as a view.</summary>
    public Tensor Of(Tensor tensor) => tensor.narrow(2, Start, Size);
}
