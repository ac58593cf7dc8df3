using System.Text.Json.Nodes;

namespace Attn.Host.Notebooks;

/// <summary>Multi-line text as nbformat holds it: one string, or a list of lines that keep their line ends.</summary>
internal static class NotebookText
{
    public static string Join(JsonNode? text) => text switch
    {
        JsonArray lines => string.Concat(lines.Select(line => line?.ToString())),
        null => "",
        _ => text.ToString(),
    };

    public static JsonArray Split(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            lines.Add((JsonNode)text[start..next]);
            start = next;
        }

        return lines;
    }
}
