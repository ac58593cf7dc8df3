using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Attn.Host.Notebooks;
using Attn.Notebook;

namespace Attn.Host.Pages;

/// <summary>A cell's outputs as HTML: of each the richest form that needs nothing from elsewhere.</summary>
internal static partial class OutputHtml
{
    public static string Render(JsonArray outputs) => string.Concat(outputs.OfType<JsonObject>().Select(Render));

    private static string Render(JsonObject output) => output["output_type"]?.ToString() switch
    {
        "stream" => $"<pre class=\"stream {Text(output["name"]?.ToString())}\">{Text(output["text"])}</pre>",
        "error" => $"<pre class=\"error\"><b>{Text(output["ename"]?.ToString())}</b>: {Text(output["evalue"]?.ToString())}\n{Traceback(output)}</pre>",
        "display_data" or "execute_result" => $"<div class=\"shown\">{Data(output["data"] as JsonObject ?? [])}</div>",
        _ => "",
    };

    private static string Data(JsonObject data)
    {
        // A cell's HTML is its author's own word on how a value looks.
        if (data["text/html"] is { } html)
            return NotebookText.Join(html);
        if (data["image/svg+xml"] is { } svg)
            return NotebookText.Join(svg);
        foreach (var type in (string[])["image/png", "image/jpeg"])
            if (data[type] is { } image)
                return $"<img alt=\"\" src=\"data:{type};base64,{WebUtility.HtmlEncode(NotebookText.Join(image).ReplaceLineEndings(""))}\">";
        if (data["text/latex"] is { } latex)
            return MathMl.FromLatex(NotebookText.Join(latex).Trim().Trim('$'), display: true);
        return data["text/markdown"] is { } markdown ? MarkdownHtml.Render(NotebookText.Join(markdown)) : $"<pre>{Text(data["text/plain"])}</pre>";
    }

    // The first line repeats what stands above it.
    private static string Traceback(JsonObject output) => output["traceback"] is JsonArray lines ? string.Join('\n', lines.Skip(1).Select(line => Text(line?.ToString()))) : "";

    private static string Text(JsonNode? text) => Text(NotebookText.Join(text));

    private static string Text(string? text) => WebUtility.HtmlEncode(Ansi().Replace(text ?? "", ""));

    [GeneratedRegex(@"\u001b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Ansi();
}
