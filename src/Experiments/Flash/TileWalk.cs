using Attn.Kernels;

namespace Attn.Experiments;

/// <summary>The state of the online softmax after one tile.</summary>
/// <param name="Row">The query block that was worked on.</param>
/// <param name="Column">The key block.</param>
/// <param name="Share">For each tile, the mean share of its queries' attention that lies in it so far: 0 before it is visited, NaN when the mask hides it.</param>
/// <param name="Maximum">The watched query's running maximum m; NaN before its block begins.</param>
/// <param name="Sum">The watched query's running sum ℓ; NaN before its block begins.</param>
public sealed record TileStep(int Row, int Column, double[,] Share, double Maximum, double Sum);

/// <summary>Walks over a matrix of scores as FlashAttention's tile loop does, query blocks outside, and keeps every state to look at.</summary>
public static class TileWalk
{
    /// <summary>The states after each visited tile, in order.</summary>
    /// <param name="scores">Scaled scores <c>[Tq,Tk]</c>, −∞ where hidden; every query must see a key.</param>
    /// <param name="tile">Tile size.</param>
    /// <param name="watched">The query whose running maximum and sum are kept.</param>
    public static IReadOnlyList<TileStep> Of(double[,] scores, TileSize tile, int watched)
    {
        ArgumentNullException.ThrowIfNull(scores);
        int queries = scores.GetLength(0), keys = scores.GetLength(1);
        var (rows, columns) = tile.Count(new AttentionShape(1, 1, queries, keys, 1, 1));
        var (maximum, sum, mass) = (new double[queries], new double[queries], new double[queries, columns]);
        Array.Fill(maximum, double.NegativeInfinity);
        var steps = new List<TileStep>();
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
            {
                if (Hidden(scores, tile, i, j))
                    continue;
                for (var query = i * tile.Queries; query < Math.Min(queries, (i + 1) * tile.Queries); query++)
                    Merge(query, j);
                var begun = watched / tile.Queries <= i;
                steps.Add(new(i, j, Shares(), begun ? maximum[watched] : double.NaN, begun ? sum[watched] : double.NaN));
            }
        return steps;

        void Merge(int query, int column)
        {
            var seen = Enumerable.Range(column * tile.Keys, Math.Min(tile.Keys, keys - column * tile.Keys)).Select(key => scores[query, key]).ToArray();
            var newMaximum = Math.Max(maximum[query], seen.Max());
            if (double.IsNegativeInfinity(newMaximum))
                return;
            var rescale = Math.Exp(maximum[query] - newMaximum);
            for (var earlier = 0; earlier < column; earlier++)
                mass[query, earlier] *= rescale;
            mass[query, column] = seen.Sum(score => Math.Exp(score - newMaximum));
            (maximum[query], sum[query]) = (newMaximum, sum[query] * rescale + mass[query, column]);
        }

        double[,] Shares()
        {
            var shares = new double[rows, columns];
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                {
                    var block = Enumerable.Range(i * tile.Queries, Math.Min(tile.Queries, queries - i * tile.Queries));
                    shares[i, j] = Hidden(scores, tile, i, j) ? double.NaN : block.Average(query => sum[query] == 0 ? 0 : mass[query, j] / sum[query]);
                }
            return shares;
        }
    }

    private static bool Hidden(double[,] scores, TileSize tile, int row, int column)
    {
        for (var query = row * tile.Queries; query < Math.Min(scores.GetLength(0), (row + 1) * tile.Queries); query++)
            for (var key = column * tile.Keys; key < Math.Min(scores.GetLength(1), (column + 1) * tile.Keys); key++)
                if (!double.IsNegativeInfinity(scores[query, key]))
                    return false;
        return true;
    }
}
