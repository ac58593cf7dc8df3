using System.Text.Json.Nodes;

namespace Attn.Host.Notebooks;

/// <summary>A cell of a notebook: a view on its JSON, which keeps whatever else stands there.</summary>
internal sealed class NotebookCell(JsonObject json)
{
    public JsonObject Json => json;

    public bool IsCode => json["cell_type"]?.GetValue<string>() == "code";

    public bool IsMarkdown => json["cell_type"]?.GetValue<string>() == "markdown";

    public string Source => NotebookText.Join(json["source"]);

    public IEnumerable<string> Tags => (json["metadata"]?["tags"] as JsonArray)?.Select(tag => tag?.ToString() ?? "") ?? [];

    public JsonArray Outputs
    {
        get => json["outputs"] as JsonArray ?? [];
        set => json["outputs"] = value;
    }

    public int? ExecutionCount
    {
        set => json["execution_count"] = value;
    }

    /// <summary>The first heading of a markdown cell; null when it has none.</summary>
    public string? Heading => !IsMarkdown ? null : Source.Split('\n')
        .FirstOrDefault(line => line.StartsWith('#'))?.TrimStart('#').Trim();

    public static NotebookCell Code(string id, string source, params string[] tags) => new(new JsonObject
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["id"] = id,
        ["metadata"] = new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) },
        ["outputs"] = new JsonArray(),
        ["source"] = NotebookText.Split(source),
    });
}
