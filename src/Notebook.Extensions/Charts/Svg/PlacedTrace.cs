using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>A trace with its values as numbers, ready to be drawn.</summary>
internal sealed class PlacedTrace(JsonObject json, int index)
{
    private readonly TraceStyle _style = TraceStyle.Of(json, index);
    private double[] _x = [];
    private double[] _y = [];

    public JsonObject Json => json;

    public string Kind { get; } = Figure.Text(json["type"]) is var kind and not "scattergl" ? kind ?? "scatter" : "scatter";

    public string Name { get; } = ChartText.Plain(Figure.Text(json["name"]));

    public bool IsMap => Kind == "heatmap";

    public double[,] Grid { get; private set; } = new double[0, 0];

    /// <summary>Whether this renderer draws the kind, and the values stand in plain arrays.</summary>
    public bool CanBeDrawn => (Kind is "scatter" && json["y"] is JsonArray || Kind is "bar" && json["y"] is JsonArray && Figure.Text(json["orientation"]) != "h"
        || IsMap && HeatMapSvg.Grid(json["z"]).Length > 0) && json["x"] is null or JsonArray && Figure.Text(json["xaxis"]) is null or "x";

    /// <summary>What the horizontal axis must hold.</summary>
    public IEnumerable<double> SpanX => Kind is "bar" || IsMap ? _x.SelectMany(x => (double[])[x - HalfStep(_x), x + HalfStep(_x)]) : _x;

    /// <summary>What the vertical axis must hold.</summary>
    public IEnumerable<double> SpanY => Kind switch
    {
        "bar" => _y.Append(0),
        "heatmap" => _y.SelectMany(y => (double[])[y - HalfStep(_y), y + HalfStep(_y)]),
        _ => Figure.Numbers(json["error_y"]?["array"]).Zip(_y, (half, y) => (half, y)).SelectMany(of => (double[])[of.y - of.half, of.y + of.half]).Concat(_y),
    };

    public void Place(AxisValues x, AxisValues y)
    {
        if (IsMap)
            Grid = HeatMapSvg.Grid(json["z"]);
        var count = IsMap ? Grid.GetLength(1) : json["y"]!.AsArray().Count;
        _x = x.Numbers(json["x"], count);
        _y = y.Numbers(json["y"], Grid.GetLength(0));
    }

    public void Draw(SvgCanvas svg, PlotArea area, List<PlacedTrace> bars)
    {
        if (Kind == "bar")
            BarSvg.Draw(svg, area, _style, _x, _y, bars.IndexOf(this), bars.Count);
        else
            ScatterSvg.Draw(svg, area, json, _style, _x, _y);
    }

    public void DrawKey(SvgCanvas svg, double x, double y)
    {
        if (Kind == "bar")
            svg.Rect(x + 6, y - 5, 14, 10, _style.Color);
        else
            _style.DrawKey(svg, x, y);
    }

    private static double HalfStep(double[] places) => places.Length < 2 ? 0.5 : Math.Abs(places[1] - places[0]) / 2;
}
