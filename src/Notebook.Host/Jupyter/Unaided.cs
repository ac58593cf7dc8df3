using System.Text.Json.Nodes;
using Attn.Notebook;

namespace Attn.Host.Jupyter;

/// <summary>Completion of <c>#!attn</c> lines, and valid empty answers to what is asked about C#.</summary>
internal static class Unaided
{
    public static JsonObject Complete(JsonObject request)
    {
        var code = request["code"]?.ToString() ?? "";
        var cursor = Math.Clamp(request["cursor_pos"]?.GetValue<int>() ?? code.Length, 0, code.Length);
        var start = cursor == 0 ? 0 : code.LastIndexOf('\n', cursor - 1) + 1;
        var end = code.IndexOf('\n', cursor);
        var line = code[start..(end < 0 ? code.Length : end)];
        var found = line.StartsWith("#!attn", StringComparison.Ordinal) ? AttnCommand.Complete(line, cursor - start, NotebookHost.Current) : [];
        return new()
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. found.Select(completion => (JsonNode)completion.Text)]),
            ["cursor_start"] = found.Count > 0 ? start + found[0].Start : cursor,
            ["cursor_end"] = cursor,
            ["metadata"] = new JsonObject(),
        };
    }

    public static JsonObject Inspect() => new() { ["status"] = "ok", ["found"] = false, ["data"] = new JsonObject(), ["metadata"] = new JsonObject() };
}
