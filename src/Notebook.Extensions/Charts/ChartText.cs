using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Attn.Notebook.Charting;

/// <summary>A figure in words, for terminals and for those who hear pages.</summary>
internal static partial class ChartText
{
    private const int MostSeries = 30;

    public static string Of(JsonObject figure)
    {
        var text = new StringBuilder(Title(figure) is { Length: > 0 } title ? title : "Chart");
        var axes = Axes(figure);
        if (axes.Length > 0)
            text.Append($"\n  {axes}");
        var traces = figure["data"]!.AsArray().OfType<JsonObject>().Where(Figure.IsVisible).ToList();
        foreach (var trace in traces.Take(MostSeries))
            text.Append($"\n  {Trace(trace)}");
        if (traces.Count > MostSeries)
            text.Append($"\n  … and {traces.Count - MostSeries} more");
        if (figure["layout"]?["sliders"]?[0]?["steps"] is JsonArray steps)
            text.Append($"\n  slider of {steps.Count} frames; the first is described");
        return text.ToString();
    }

    public static string Title(JsonObject figure) => Plain(Figure.TextOf(figure["layout"]?["title"]));

    /// <summary>Plotly's label markup as plain text.</summary>
    public static string Plain(string? label) => WebUtility.HtmlDecode(Tag().Replace(label ?? "", " ")).Replace("\u200b", "").Trim();

    private static string Axes(JsonObject figure)
    {
        var names = ((string[])["yaxis", "xaxis"]).Select(axis => Plain(Figure.TextOf(figure["layout"]?[axis]?["title"]))).ToArray();
        return names is [{ Length: > 0 }, { Length: > 0 }] ? $"{names[0]} over {names[1]}" : string.Concat(names);
    }

    private static string Trace(JsonObject trace)
    {
        var name = Plain(Figure.Text(trace["name"]));
        var kind = Figure.Text(trace["type"]) ?? "scatter";
        if (trace["z"] is JsonArray z)
            return $"{kind} {z.Count} × {(z.Count > 0 && z[0] is JsonArray row ? row.Count : 0)}{Range(z.SelectMany(Figure.Numbers))}";
        return $"{(name.Length > 0 ? name : kind)}: {Count(trace)}{Range(Figure.Numbers(trace["y"]))}";
    }

    private static string Count(JsonObject trace) => Figure.Text(trace["type"]) switch
    {
        "bar" => $"{(trace["y"] as JsonArray)?.Count ?? 0} bars",
        "pie" => $"{(trace["values"] as JsonArray)?.Count ?? 0} slices",
        _ => $"{((trace["y"] ?? trace["x"]) as JsonArray)?.Count ?? 0} points",
    };

    private static string Range(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToList();
        return finite.Count == 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $", from {finite.Min():g4} to {finite.Max():g4}");
    }

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Tag();
}
