using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>A matrix as one image over the plot, with its scale of colours beside it.</summary>
internal static class HeatMapSvg
{
    public static double[,] Grid(JsonNode? z)
    {
        var rows = (z as JsonArray)?.Select(row => Figure.Numbers(row).ToArray()).ToList() ?? [];
        var grid = new double[rows.Count, rows.Count == 0 ? 0 : rows.Max(row => row.Length)];
        for (var r = 0; r < rows.Count; r++)
            for (var c = 0; c < grid.GetLength(1); c++)
                grid[r, c] = c < rows[r].Length ? rows[r][c] : double.NaN;
        return grid;
    }

    public static void Draw(SvgCanvas svg, PlotArea area, JsonObject trace, double[,] grid)
    {
        var (scale, low, high) = HeatMapImage.ScaleOf(grid);
        (low, high) = (Figure.Number(trace["zmin"], low), Figure.Number(trace["zmax"], high));
        // Row 0 stands where the axis puts it: on top when the axis is reversed, else at the bottom.
        var down = area.Y.At(0) <= area.Y.At(1);
        svg.Image(area.Left, area.Top, area.Width, area.Height, HeatMapImage.DataUri(down ? grid : Flipped(grid), scale, low, high));
        DrawScale(svg, area, scale, low, high);
    }

    private static void DrawScale(SvgCanvas svg, PlotArea area, ColorScale scale, double low, double high)
    {
        const int Steps = 64;
        var ramp = new double[Steps, 1];
        for (var i = 0; i < Steps; i++)
            ramp[i, 0] = high - (high - low) * i / (Steps - 1);
        svg.Image(area.Right + 16, area.Top, 14, area.Height, HeatMapImage.DataUri(ramp, scale, low, high));
        var axis = new AxisScale(low, high > low ? high : low + 1, area.Bottom, area.Top, log: false);
        foreach (var (value, label) in AxisTicks.Of(axis, 5))
            svg.Text(area.Right + 35, axis.At(value) + 4, label, 11, ChartTheme.Ink);
    }

    private static double[,] Flipped(double[,] grid)
    {
        var flipped = new double[grid.GetLength(0), grid.GetLength(1)];
        for (var r = 0; r < grid.GetLength(0); r++)
            for (var c = 0; c < grid.GetLength(1); c++)
                flipped[grid.GetLength(0) - 1 - r, c] = grid[r, c];
        return flipped;
    }
}
