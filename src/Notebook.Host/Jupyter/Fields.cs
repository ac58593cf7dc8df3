using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>Reads a message's fields. What is absent or of another type counts as not said: front ends differ in what they send.</summary>
internal static class Fields
{
    public static string Text(this JsonObject content, string name, string usual = "") => content[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : usual;

    public static bool Flag(this JsonObject content, string name, bool usual) => content[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : usual;

    public static int? Number(this JsonObject content, string name) => content[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    public static JsonObject Object(this JsonObject content, string name) => content[name] as JsonObject ?? [];

    /// <summary>The cell that a question is about, and the place in it, in characters; the cell's end when none is given.</summary>
    public static (string Code, int Cursor) Place(this JsonObject content)
    {
        var code = content.Text("code");
        return (code, content.Number("cursor_pos") is { } points ? CodePoints.ToIndex(code, points) : code.Length);
    }
}
