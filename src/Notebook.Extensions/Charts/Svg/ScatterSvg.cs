using System.Text;
using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>Lines, points and error bars.</summary>
internal static class ScatterSvg
{
    /// <summary>Longer series are drawn by the extremes of each stretch, which looks alike at this size.</summary>
    private const int Most = 3000;

    public static void Draw(SvgCanvas svg, PlotArea area, JsonObject trace, TraceStyle style, double[] x, double[] y)
    {
        var pixels = x.Zip(y, (a, b) => (X: area.X.At(a), Y: area.Y.At(b))).ToList();
        DrawErrors(svg, area, trace["error_y"], style, x, y);
        var drawn = Thin(pixels);
        if (style.Lines)
            svg.Path(Commands(drawn), style.Color, style.Width, style.Dash);
        if (style.Points)
            foreach (var (px, py) in drawn.Where(IsPlaced))
                svg.Dot(px, py, 3.5, style.Color);
        if (style.Texts && trace["text"] is JsonArray texts)
            foreach (var ((px, py), text) in pixels.Zip(texts.Take(Most)).Where(of => IsPlaced(of.First)))
                svg.Text(px, py - 7, ChartText.Plain(Figure.Text(text)), ChartTheme.LabelSize, style.Color, "middle");
    }

    private static void DrawErrors(SvgCanvas svg, PlotArea area, JsonNode? error, TraceStyle style, double[] x, double[] y)
    {
        foreach (var (half, i) in Figure.Numbers(error?["array"]).Take(Math.Min(x.Length, Most)).Select((half, i) => (half, i)))
        {
            var place = area.X.At(x[i]);
            var (top, bottom) = (area.Y.At(y[i] + half), area.Y.At(y[i] - half));
            if (double.IsNaN(bottom) && area.Y.Log)
                bottom = area.Bottom; // A bar that reaches below zero has no lower end on a logarithmic axis.
            if (!IsPlaced((place, top)) || !double.IsFinite(bottom))
                continue;
            svg.Line(place, top, place, bottom, style.Color, 1.4);
            svg.Line(place - 4, top, place + 4, top, style.Color, 1.4);
            svg.Line(place - 4, bottom, place + 4, bottom, style.Color, 1.4);
        }
    }

    private static string Commands(List<(double X, double Y)> pixels)
    {
        var path = new StringBuilder();
        var pen = 'M';
        foreach (var (x, y) in pixels)
        {
            if (!IsPlaced((x, y)))
            {
                pen = 'M'; // A gap: the line begins anew.
                continue;
            }

            path.Append(pen).Append(SvgCanvas.N(x)).Append(' ').Append(SvgCanvas.N(y));
            pen = 'L';
        }

        return path.Length == 0 ? "M0 0" : path.ToString();
    }

    private static bool IsPlaced((double X, double Y) pixel) => double.IsFinite(pixel.X) && double.IsFinite(pixel.Y);

    private static List<(double X, double Y)> Thin(List<(double X, double Y)> pixels)
    {
        if (pixels.Count <= Most)
            return pixels;
        var size = (int)Math.Ceiling(2.0 * pixels.Count / Most);
        return [.. pixels.Chunk(size).SelectMany(static chunk =>
        {
            var (low, high) = (chunk.MinBy(pixel => pixel.Y), chunk.MaxBy(pixel => pixel.Y));
            return Array.IndexOf(chunk, low) <= Array.IndexOf(chunk, high) ? new[] { low, high } : [high, low];
        })];
    }
}
