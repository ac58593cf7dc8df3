using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>Text that stands inside a <c>script</c> element and must not end it.</summary>
internal static class ScriptText
{
    /// <summary>JavaScript, where <c>&lt;/script</c> and <c>&lt;!--</c> can only stand inside strings and comments.</summary>
    public static string Escape(string script) => script
        .Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)
        .Replace("<!--", "<\\!--", StringComparison.Ordinal);

    /// <summary>JSON with every <c>&lt;</c> escaped.</summary>
    public static string Json(JsonNode json) => json.ToJsonString().Replace("<", "\\u003c");
}
