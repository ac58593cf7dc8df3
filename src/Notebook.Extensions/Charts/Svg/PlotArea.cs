using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>The rectangle between the axes, and the scales of both.</summary>
internal sealed record PlotArea(AxisScale X, AxisScale Y, double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    /// <summary>Draws the grid, the ticks, the axes' lines and titles.</summary>
    public void DrawAxes(SvgCanvas svg, JsonNode? layout, IReadOnlyList<string>? xNames, IReadOnlyList<string>? yNames, bool grid)
    {
        foreach (var (x, label) in Ticks(X, xNames, 8))
        {
            if (grid && xNames is null)
                svg.Line(x, Top, x, Bottom, ChartTheme.Grid);
            svg.Line(x, Bottom, x, Bottom + 5, ChartTheme.Axis);
            if (xNames is { Count: > 8 } || label.Length > 14)
                svg.Text(x + 4, Bottom + 16, Short(label), 11, ChartTheme.Ink, "end", turn: -35);
            else
                svg.Text(x, Bottom + 19, label, 12, ChartTheme.Ink, "middle");
        }

        foreach (var (y, label) in Ticks(Y, yNames, 6))
        {
            if (grid && yNames is null)
                svg.Line(Left, y, Right, y, ChartTheme.Grid);
            svg.Line(Left - 5, y, Left, y, ChartTheme.Axis);
            svg.Text(Left - 8, y + 4, Short(label), 12, ChartTheme.Ink, "end");
        }

        svg.Line(Left, Bottom, Right, Bottom, ChartTheme.Axis);
        svg.Line(Left, Top, Left, Bottom, ChartTheme.Axis);
        svg.Text(Left + Width / 2, Bottom + 44, Title(layout, "xaxis"), 13, ChartTheme.Muted, "middle");
        svg.Text(18, Top + Height / 2, Title(layout, "yaxis"), 13, ChartTheme.Muted, "middle", turn: -90);
    }

    /// <summary>The vertical rules of the layout: its line shapes at one place of the horizontal axis, with their annotations.</summary>
    public void DrawRules(SvgCanvas svg, JsonNode? layout)
    {
        foreach (var shape in (layout?["shapes"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            var x = X.At(Figure.Number(shape["x0"]));
            if (Figure.Text(shape["type"]) == "line" && Figure.Number(shape["x0"]) == Figure.Number(shape["x1"]) && x >= Left && x <= Right)
                svg.Line(x, Top, x, Bottom, Figure.Text(shape["line"]?["color"]) ?? ChartTheme.Muted, 1.4, "6 4");
        }

        foreach (var note in (layout?["annotations"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            var value = Figure.Number(note["x"]);
            var x = X.At(X.Log ? Math.Pow(10, value) : value);
            if (Figure.Text(note["yref"]) == "paper" && x >= Left && x <= Right)
                svg.Text(x + 4, Top + 13, ChartText.Plain(Figure.Text(note["text"])), 12, ChartTheme.Muted);
        }
    }

    private static string Title(JsonNode? layout, string axis) => ChartText.Plain(Figure.TextOf(layout?[axis]?["title"]));

    private static IEnumerable<(double Pixel, string Label)> Ticks(AxisScale scale, IReadOnlyList<string>? names, int about)
    {
        if (names is null)
            return AxisTicks.Of(scale, about).Select(tick => (scale.At(tick.Value), tick.Label));
        var every = Math.Max(1, names.Count / 40 + 1);
        return names.Select((name, i) => (scale.At(i), ChartText.Plain(name))).Where((_, i) => i % every == 0);
    }

    private static string Short(string label) => label.Length <= 16 ? label : label[..15] + "…";
}
