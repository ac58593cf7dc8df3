namespace Attn.Notebook.Formatting;

/// <summary>A pattern in shades of block characters, for terminals.</summary>
internal static class PatternText
{
    private const string Shades = " ░▒▓█";
    private const int Most = 32;

    public static string Of(double[,] grid, string title)
    {
        int rows = Math.Min(grid.GetLength(0), Most), columns = Math.Min(grid.GetLength(1), Most);
        var top = grid.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var lines = Enumerable.Range(0, rows).Select(r => string.Concat(Enumerable.Range(0, columns).Select(c => Shade(Block(grid, r, c, rows, columns), top))));
        return string.Join('\n', title.Length > 0 ? lines.Select(line => $"│{line}│").Prepend(title) : lines.Select(line => $"│{line}│"));
    }

    /// <summary>The largest value of the cells that share one character.</summary>
    private static double Block(double[,] grid, int row, int column, int rows, int columns)
    {
        var max = double.NegativeInfinity;
        for (var r = row * grid.GetLength(0) / rows; r < (row + 1) * grid.GetLength(0) / rows; r++)
            for (var c = column * grid.GetLength(1) / columns; c < (column + 1) * grid.GetLength(1) / columns; c++)
                max = Math.Max(max, grid[r, c]);
        return max;
    }

    /// <summary>Two characters a cell, which makes cells about square.</summary>
    private static string Shade(double value, double top)
    {
        if (!double.IsFinite(value))
            return "??";
        var shade = top > 0 ? Shades[Math.Clamp((int)Math.Ceiling(value / top * (Shades.Length - 1) - 1e-9), 0, Shades.Length - 1)] : ' ';
        return new string(shade, 2);
    }
}
