using System.Text;
using System.Text.Json.Nodes;
using Plotly.NET;

namespace Attn.Notebook.Charting;

/// <summary>A chart as Plotly's figure: <c>data</c>, <c>layout</c>, <c>config</c>.</summary>
internal static class FigureJson
{
    public static JsonObject Of(GenericChart chart)
    {
        var figure = JsonNode.Parse(WellFormed(GenericChart.toFigureJson(chart)))!.AsObject();
        foreach (var trace in figure["data"]!.AsArray())
            foreach (var name in (string[])["x", "y", "z"])
                if (trace![name] is JsonArray values)
                    DropNonFinite(values);
        return new JsonObject
        {
            ["data"] = figure["data"]!.DeepClone(),
            ["layout"] = figure["layout"]?.DeepClone() ?? new JsonObject(),
            ["config"] = new JsonObject { ["responsive"] = true, ["displaylogo"] = false },
        };
    }

    /// <summary>Halves of surrogate pairs, which a cut text can hold and JSON cannot, become U+FFFD.</summary>
    private static string WellFormed(string json) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(json));

    /// <summary>Plotly.NET writes NaN and infinities as words, on which Plotly would turn a numeric axis into one of categories.</summary>
    private static void DropNonFinite(JsonArray values)
    {
        for (var i = 0; i < values.Count; i++)
            if (values[i] is JsonArray row)
                DropNonFinite(row);
            else if (values[i] is JsonValue value && value.TryGetValue(out string? word) && word is "NaN" or "Infinity" or "-Infinity")
                values[i] = null;
    }
}
