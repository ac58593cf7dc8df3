namespace Attn.Notebook;

/// <summary>The MIME types of what notebooks show.</summary>
internal static class Mime
{
    public const string Text = "text/plain";
    public const string Html = "text/html";
    public const string Latex = "text/latex";
    public const string Svg = "image/svg+xml";
    public const string Plotly = "application/vnd.plotly.v1+json";

    public static bool IsJson(string mimeType) => mimeType.EndsWith("json", StringComparison.Ordinal);
}
