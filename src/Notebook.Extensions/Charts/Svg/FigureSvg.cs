using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>A figure as a static picture: lines, points, bars and heat maps as its layout places them; of other kinds a placeholder.</summary>
internal static class FigureSvg
{
    public static string Render(JsonObject figure)
    {
        var traces = (figure["data"] as JsonArray)?.OfType<JsonObject>().Where(Figure.IsVisible).Select((trace, i) => new PlacedTrace(trace, i)).ToList() ?? [];
        return traces.Count > 0 && traces.All(trace => trace.CanBeDrawn) ? Draw(figure, traces) : PlaceholderSvg.Render(figure);
    }

    private static string Draw(JsonObject figure, List<PlacedTrace> traces)
    {
        var layout = figure["layout"];
        var (xAxis, yAxis) = (layout?["xaxis"], layout?["yaxis"]);
        var x = AxisValues.Of(Figure.Text(xAxis?["type"]), traces.Select(trace => trace.Json["x"]));
        var y = AxisValues.Of(Figure.Text(yAxis?["type"]), traces.Select(trace => trace.Json["y"]));
        foreach (var trace in traces)
            trace.Place(x, y);

        var named = traces.Where(trace => trace.Name.Length > 0 && !trace.IsMap).ToList();
        var legend = named.Count > 1 && Figure.Flag(layout?["showlegend"], true) ? named : [];
        var maps = traces.Any(trace => trace.IsMap);
        var names = y.Names is { } labels ? Math.Min(120, 7 * labels.DefaultIfEmpty("").Max(label => Math.Min(16, label.Length))) : 34;
        double left = 44 + names, right = maps ? 80 : 24, top = 48 + 20 * Rows(legend), bottom = x.Names is { Count: > 8 } ? 84 : 58;
        var area = Area(traces, xAxis, yAxis, left, top, ChartTheme.Width - left - right, ChartTheme.Height - top - bottom);

        var title = ChartText.Title(figure);
        var svg = new SvgCanvas(ChartTheme.Width, ChartTheme.Height, title);
        svg.Text(16, 28, title, 17, ChartTheme.Ink);
        DrawLegend(svg, legend);
        area.DrawAxes(svg, layout, x.Names, y.Names, grid: !maps);
        var bars = traces.Where(trace => trace.Kind == "bar").ToList();
        svg.Clipped(area.Left, area.Top, area.Width, area.Height + 1, () => traces.FindAll(trace => !trace.IsMap).ForEach(trace => trace.Draw(svg, area, bars)));
        foreach (var map in traces.Where(trace => trace.IsMap))
            HeatMapSvg.Draw(svg, area, map.Json, map.Grid);
        area.DrawRules(svg, layout);
        return svg.ToString();
    }

    private static PlotArea Area(List<PlacedTrace> traces, JsonNode? xAxis, JsonNode? yAxis, double left, double top, double width, double height)
    {
        var maps = traces.Any(trace => trace.IsMap);
        var bars = traces.Any(trace => trace.Kind == "bar");
        var xMargin = maps || bars ? 0 : 0.03;
        return new(
            AxisScale.Of(xAxis, traces.SelectMany(trace => trace.SpanX), xMargin, left, left + width),
            AxisScale.Of(yAxis, traces.SelectMany(trace => trace.SpanY), maps ? 0 : 0.05, top + height, top),
            left, top, width, height);
    }

    private static int Rows(List<PlacedTrace> legend) => legend.Count == 0 ? 0 : Lines(legend).Count();

    private static void DrawLegend(SvgCanvas svg, List<PlacedTrace> legend)
    {
        var y = 50.0;
        foreach (var line in Lines(legend))
        {
            var x = 18.0;
            foreach (var trace in line)
            {
                trace.DrawKey(svg, x, y - 4);
                svg.Text(x + 33, y, trace.Name, 12, ChartTheme.Ink);
                x += Width(trace);
            }

            y += 20;
        }
    }

    /// <summary>The legend's entries, as many a line as fit.</summary>
    private static IEnumerable<List<PlacedTrace>> Lines(List<PlacedTrace> legend)
    {
        var line = new List<PlacedTrace>();
        foreach (var trace in legend)
        {
            if (line.Count > 0 && line.Sum(Width) + Width(trace) > ChartTheme.Width - 30)
            {
                yield return line;
                line = [];
            }

            line.Add(trace);
        }

        if (line.Count > 0)
            yield return line;
    }

    private static double Width(PlacedTrace trace) => 52 + 6.6 * trace.Name.Length;
}
