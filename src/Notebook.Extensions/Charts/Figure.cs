using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>Reads values of a figure's JSON, which anyone may have written: what has not the expected kind is absent.</summary>
internal static class Figure
{
    public static string? Text(JsonNode? node) => node is JsonValue value
        ? value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number => value.ToJsonString(),
            _ => null,
        }
        : null;

    /// <summary>A title, which is text or an object with text.</summary>
    public static string? TextOf(JsonNode? title) => title is JsonObject of ? Text(of["text"]) : Text(title);

    public static double Number(JsonNode? node, double otherwise = double.NaN) => node is JsonValue value
        && double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    public static IEnumerable<double> Numbers(JsonNode? node) => node is JsonArray values ? values.Select(value => Number(value)) : [];

    public static bool Flag(JsonNode? node, bool otherwise) => node?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => otherwise,
    };

    /// <summary>Plotly hides a trace by false or by the word <c>legendonly</c>.</summary>
    public static bool IsVisible(JsonObject trace) => Flag(trace["visible"], true) && Text(trace["visible"]) != "legendonly";
}
