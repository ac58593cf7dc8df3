using System.Text.Json.Nodes;
using Attn.Host.Session;

namespace Attn.Host.Jupyter;

/// <summary>A cell's error in the protocol's words.</summary>
internal static class ErrorContent
{
    /// <param name="error">The error.</param>
    /// <param name="status">The status of the reply that it stands in; null for a publication, which has none.</param>
    public static JsonObject Of(CellError error, string? status = null)
    {
        var content = new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["traceback"] = new JsonArray([.. error.Traceback.Prepend($"{error.Name}: {error.Message}").Select(line => (JsonNode)line)]),
        };
        if (status is not null)
            content["status"] = status;
        return content;
    }
}
