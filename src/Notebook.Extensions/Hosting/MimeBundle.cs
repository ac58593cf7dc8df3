namespace Attn.Notebook;

/// <summary>
/// One output in several MIME types, richest last to be looked for: front ends pick the one they render best.
/// Values are text (also SVG, HTML), base64 text for images, or a <see cref="System.Text.Json.Nodes.JsonNode"/> for <c>…+json</c> types.
/// </summary>
/// <param name="Data">MIME type to content.</param>
public sealed record MimeBundle(IReadOnlyDictionary<string, object> Data)
{
    /// <summary>
    /// The contents that are text, by MIME type: for a host that hands JSON on as a string, which a front end would prefer to the HTML and fail to draw.
    /// </summary>
    public IEnumerable<KeyValuePair<string, string>> Texts => Data.Where(content => !Mime.IsJson(content.Key)).Select(content => KeyValuePair.Create(content.Key, content.Value.ToString()!));

    /// <summary>A bundle of plain text alone.</summary>
    public static MimeBundle Text(string text) => new(new Dictionary<string, object> { ["text/plain"] = text });

    /// <summary>A bundle of HTML and the plain text that stands in for it.</summary>
    public static MimeBundle Html(string html, string text) =>
        new(new Dictionary<string, object> { ["text/html"] = html, ["text/plain"] = text });
}
