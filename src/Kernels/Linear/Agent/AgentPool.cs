using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Agents made from what attends.</summary>
public static class AgentPool
{
    /// <summary>
    /// The means of the queries over the cells of a coarser grid (adaptive average pooling). Channels are pooled each for itself, so that it
    /// is the same before and after they are cut into heads.
    /// </summary>
    /// <param name="q"><c>[B,H,T,D]</c>, the tokens of a grid row by row.</param>
    /// <param name="height">Rows of the grid.</param>
    /// <param name="width">Columns of the grid; T = height·width.</param>
    /// <param name="rows">Rows of the coarser grid, at most <paramref name="height"/>.</param>
    /// <param name="columns">Columns of the coarser grid, at most <paramref name="width"/>.</param>
    /// <returns><c>[B,H,rows·columns,D]</c>.</returns>
    /// <exception cref="ArgumentException">A grid that does not hold the tokens, or a coarser grid that is not coarser.</exception>
    public static Tensor FromQueries(Tensor q, int height, int width, int rows, int columns)
    {
        Arguments.Qk(q, q);
        Arguments.Positive(rows, nameof(rows));
        Arguments.Positive(columns, nameof(columns));
        if (height < 1 || width < 1 || (long)height * width != q.size(2))
            Arguments.Fail(nameof(height), $"a grid of {height} × {width}", $"one of {q.size(2)} tokens");
        if (rows > height)
            Arguments.Fail(nameof(rows), rows.ToString(), $"at most the grid's {height}");
        if (columns > width)
            Arguments.Fail(nameof(columns), columns.ToString(), $"at most the grid's {width}");
        using var scope = NewDisposeScope();
        var (batch, heads, dim) = (q.size(0), q.size(1), q.size(3));
        var grid = q.transpose(-2, -1).reshape(batch, heads * dim, height, width);
        var pooled = nn.functional.adaptive_avg_pool2d(grid, [rows, columns]);
        return pooled.reshape(batch, heads, dim, (long)rows * columns).transpose(-2, -1).MoveToOuterDisposeScope();
    }
}
