namespace Attn.Notebook;

/// <summary>
/// One output in several MIME types, richest last to be looked for: front ends pick the one they render best.
/// Values are text (also SVG, HTML), base64 text for images, or a <see cref="System.Text.Json.Nodes.JsonNode"/> for <c>…+json</c> types.
/// </summary>
/// <param name="Data">MIME type to content.</param>
public sealed record MimeBundle(IReadOnlyDictionary<string, object> Data)
{
    /// <summary>A bundle of plain text alone.</summary>
    public static MimeBundle Text(string text) => new(new Dictionary<string, object> { ["text/plain"] = text });

    /// <summary>A bundle of HTML and the plain text that stands in for it.</summary>
    public static MimeBundle Html(string html, string text) =>
        new(new Dictionary<string, object> { ["text/html"] = html, ["text/plain"] = text });
}
