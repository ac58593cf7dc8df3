using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>How a trace is drawn, read off its JSON.</summary>
/// <param name="Color">Its one colour.</param>
/// <param name="Width">The line's width.</param>
/// <param name="Dash">The line's dashes in SVG's terms; null when unbroken.</param>
/// <param name="Lines">Whether its points are joined.</param>
/// <param name="Points">Whether its points are marked.</param>
/// <param name="Texts">Whether texts stand above its points.</param>
internal sealed record TraceStyle(string Color, double Width, string? Dash, bool Lines, bool Points, bool Texts)
{
    public static TraceStyle Of(JsonObject trace, int index)
    {
        var mode = Figure.Text(trace["mode"]) ?? "lines";
        var color = Figure.Text(trace["line"]?["color"]) ?? Figure.Text(trace["marker"]?["color"]) ?? ChartTheme.Color(index);
        var dash = Figure.Text(trace["line"]?["dash"]) switch { "dash" => "8 5", "dot" => "2 4", "dashdot" => "8 4 2 4", _ => null };
        return new(color, Figure.Number(trace["line"]?["width"], 2), dash, mode.Contains("lines"), mode.Contains("markers"), mode.Contains("text"));
    }

    /// <summary>The sample of the style beside a name in the legend.</summary>
    public void DrawKey(SvgCanvas svg, double x, double y)
    {
        if (Lines)
            svg.Line(x, y, x + 26, y, Color, Width, Dash);
        if (Points)
            svg.Dot(x + 13, y, 3.5, Color);
    }
}
