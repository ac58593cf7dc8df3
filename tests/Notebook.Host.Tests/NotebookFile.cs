using System.Text.Json.Nodes;
using Attn.Tests;

namespace Attn.Host.Tests;

/// <summary>Small notebooks for tests.</summary>
internal static class NotebookFile
{
    /// <summary>Writes a notebook of code cells; one that begins with <c>// parameters</c> is tagged so, one that begins with <c>#</c> and a space is markdown.</summary>
    public static string Write(TemporaryFolder folder, string name, params string[] cells)
    {
        var list = new JsonArray();
        foreach (var source in cells)
        {
            var cell = new JsonObject { ["cell_type"] = source.StartsWith("# ", StringComparison.Ordinal) ? "markdown" : "code", ["id"] = $"c{list.Count}", ["metadata"] = new JsonObject(), ["source"] = source };
            if (source.StartsWith("// parameters", StringComparison.Ordinal))
                cell["metadata"]!["tags"] = new JsonArray("parameters");
            if (cell["cell_type"]!.ToString() == "code")
                (cell["outputs"], cell["execution_count"]) = (new JsonArray(), null);
            list.Add((JsonNode)cell);
        }

        var path = folder[name];
        File.WriteAllText(path, new JsonObject
        {
            ["cells"] = list,
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp", ["display_name"] = "C#", ["language"] = "C#" }, ["kept"] = "as it was" },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString());
        return path;
    }

    /// <summary>All text that the outputs of an executed notebook hold, a cell an element.</summary>
    public static string[] Outputs(string path) =>
    [
        .. ((JsonArray)JsonNode.Parse(File.ReadAllText(path))!["cells"]!).Select(cell =>
            string.Concat(((JsonArray?)cell!["outputs"])?.Select(Text) ?? [])),
    ];

    private static string Text(JsonNode? output) => string.Concat(
        Lines(output!["text"]) + Lines(output["data"]?["text/plain"]) + output["ename"] + Lines(output["evalue"]));

    private static string Lines(JsonNode? text) => text is JsonArray lines ? string.Concat(lines.Select(line => line!.ToString())) : text?.ToString() ?? "";
}
