using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// FlashAttention with one necessary part left out: negative controls, each of which must give a wrong answer. Arguments as in
/// <see cref="FlashAttention"/>.
/// </summary>
public static class FlashControls
{
    /// <summary>Tiles summed without the factor e^(m−m′) that brings earlier tiles to the new maximum.</summary>
    public static Tensor WithoutRescale(Tensor q, Tensor k, Tensor v, TileSize tile)
    {
        using var scope = NewDisposeScope();
        Tensor? sum = null, output = null;
        foreach (var scores in TileScores(q, k, tile))
        {
            var weights = (scores.Values - scores.Values.amax([-1], keepdim: true)).exp();
            var (tileSum, tileOutput) = (weights.sum(-1, keepdim: true), weights.matmul(scores.Column.Of(v)));
            (sum, output) = sum is null ? (tileSum, tileOutput) : (sum + tileSum, output! + tileOutput);
        }
        return (output! / sum!).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the tiles' own normalised outputs.</summary>
    public static Tensor MeanOfTiles(Tensor q, Tensor k, Tensor v, TileSize tile)
    {
        using var scope = NewDisposeScope();
        var outputs = TileScores(q, k, tile).Select(scores => scores.Values.softmax(-1).matmul(scores.Column.Of(v))).ToList();
        return stack(outputs, 0).mean([0]).MoveToOuterDisposeScope();
    }

    /// <summary>Softmax without subtracting a maximum: e^S / Σe^S, which overflows.</summary>
    public static Tensor NaiveExponent(Tensor q, Tensor k, Tensor v)
    {
        using var scope = NewDisposeScope();
        var exponentials = (q / Math.Sqrt(q.size(3))).matmul(k.transpose(-2, -1)).exp();
        return (exponentials / exponentials.sum(-1, keepdim: true)).matmul(v).MoveToOuterDisposeScope();
    }

    /// <summary>The backward pass with dS = P∘dP, the row term D dropped.</summary>
    public static (Tensor DQ, Tensor DK, Tensor DV) BackwardWithoutRowDot(
        Tensor outputGradient, Tensor q, Tensor k, Tensor v, Tensor logSumExp, bool causal)
    {
        using var zero = zeros_like(logSumExp.unsqueeze(-1));
        return FlashBackward.Run(Tiles.Of(q, k, v, causal, null, null), outputGradient, logSumExp, zero);
    }

    private static IEnumerable<(Tensor Values, Block Column)> TileScores(Tensor q, Tensor k, TileSize tile)
    {
        var tiles = Tiles.Of(q, k, k, causal: false, null, tile with { Queries = (int)q.size(2) });
        var rows = tiles.Rows.Single();
        return tiles.Columns.Select(column => (tiles.Scores(q, column.Of(k), rows, column), column));
    }
}
