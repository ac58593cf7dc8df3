using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Attn.Host.Jupyter;

/// <summary>A cell such as <c>torch.softmax?</c>, which asks what that is; with two question marks, in detail.</summary>
internal static partial class Question
{
    /// <summary>The name asked about; null for any other cell. No C# statement looks so.</summary>
    public static (string Name, bool Detailed)? Of(string code) => Form().Match(code) is { Success: true } match
        ? (match.Groups["name"].Value, match.Groups["marks"].Length == 2)
        : null;

    /// <summary>A payload that has the front end open its pager.</summary>
    public static JsonObject Page(string text) => new() { ["source"] = "page", ["data"] = new JsonObject { ["text/plain"] = text }, ["start"] = 0 };

    [GeneratedRegex(@"^\s*(?<name>@?[\w.]+(<[\w.,\s<>\[\]]+>)?)(?<marks>\?{1,2})\s*$")]
    private static partial Regex Form();
}
