using Attn.Notebook.Charting;
using Attn.Notebook.Tensors;

namespace Attn.Notebook.Formatting;

/// <summary>One head's heat map: its title, the tokens at its sides, and the value of each cell under the pointer while cells are few.</summary>
internal static class PatternSvg
{
    /// <summary>Past so many cells the map is one image without values under the pointer, since a page must stay light.</summary>
    private const int MostTips = 1600;
    private const int LongestToken = 12;
    private const int MostNames = 40;

    public static string Render(double[,] grid, string title, IReadOnlyList<string>? queries, IReadOnlyList<string>? keys)
    {
        int rows = grid.GetLength(0), columns = grid.GetLength(1);
        queries = rows <= MostNames ? queries : null;
        keys = columns <= MostNames ? keys : null;
        var cell = Math.Clamp(240.0 / Math.Max(rows, columns), 3, 28);
        if (queries is not null || keys is not null)
            cell = Math.Max(cell, 12);
        double left = 8 + Room(queries), top = 8 + (title.Length > 0 ? 18 : 0) + Room(keys);
        double width = left + columns * cell + 8, height = top + rows * cell + 8;
        var svg = new SvgCanvas(width, height, title.Length > 0 ? title : "attention pattern", fixedWidth: true);
        if (title.Length > 0)
            svg.Text(left, 18, title, 13, ChartTheme.Ink);
        for (var c = 0; keys is not null && c < columns; c++)
            svg.Text(left + (c + 0.7) * cell, top - 5, Short(keys[c]), 11, ChartTheme.Muted, turn: -60);
        for (var r = 0; queries is not null && r < rows; r++)
            svg.Text(left - 5, top + (r + 0.5) * cell + 4, Short(queries[r]), 11, ChartTheme.Muted, "end");
        Cells(svg, grid, left, top, cell, (r, c) => $"{Name(queries, r, "query")} → {Name(keys, c, "key")}: {TensorValues.Number(grid[r, c])}");
        svg.Frame(left, top, columns * cell, rows * cell, ChartTheme.Axis);
        return svg.ToString();
    }

    private static void Cells(SvgCanvas svg, double[,] grid, double left, double top, double cell, Func<int, int, string> tip)
    {
        var (scale, low, high) = HeatMapImage.ScaleOf(grid);
        low = Math.Min(low, 0); // Weights are compared with nothing, not with their own smallest.
        if (grid.Length > MostTips)
        {
            svg.Image(left, top, grid.GetLength(1) * cell, grid.GetLength(0) * cell, HeatMapImage.DataUri(grid, scale, low, high));
            return;
        }

        for (var r = 0; r < grid.GetLength(0); r++)
            for (var c = 0; c < grid.GetLength(1); c++)
            {
                var value = double.IsFinite(grid[r, c]) ? (grid[r, c] - low) / (high > low ? high - low : 1) : double.NaN;
                svg.Rect(left + c * cell, top + r * cell, cell, cell, scale.At(value), tip(r, c));
            }
    }

    private static double Room(IReadOnlyList<string>? names) => names is null ? 0 : 10 + 6.2 * names.Max(name => Short(name).Length);

    private static string Name(IReadOnlyList<string>? names, int at, string otherwise) => names is null ? $"{otherwise} {at}" : names[at];

    private static string Short(string token) => token.Length <= LongestToken ? token : token[..(LongestToken - 1)] + "…";
}
