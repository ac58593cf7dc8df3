using System.Globalization;
using System.Net;
using System.Text;
using Attn.Host.Notebooks;
using Attn.Host.Runner;
using Attn.Notebook;

namespace Attn.Host.Pages;

/// <summary>An executed notebook as one HTML file that needs nothing else: no network, no fonts, no scripts of others.</summary>
internal static class NotebookPage
{
    private static readonly string Style = PageResource.Text("page.css");

    public static string Render(RunReport report, DateTimeOffset when)
    {
        var cells = report.Notebook.Cells;
        var body = new StringBuilder();
        foreach (var cell in cells)
            body.Append(Cell(cell));
        var charts = cells.Any(cell => cell.Outputs.Any(output => output?["data"]?["application/vnd.plotly.v1+json"] is not null));
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:">
            <title>{WebUtility.HtmlEncode(report.Notebook.Title)}</title>
            <style>{Style}</style>
            </head>
            <body>
            <header>{Facts(report, when)}{Scoreboard(report.Claims)}</header>
            <main>
            {body}</main>
            <footer>Executed by <b>attn</b>.</footer>
            {(charts ? PlotlyScript.Element : "")}
            </body>
            </html>

            """;
    }

    private static string Cell(NotebookCell cell)
    {
        if (cell.IsMarkdown)
            return $"<section class=\"text\">{MarkdownHtml.Render(cell.Source)}</section>\n";
        if (!cell.IsCode)
            return "";
        var outputs = OutputHtml.Render(cell.Outputs);
        return $"<section class=\"cell{Kind(cell)}\"><pre class=\"code\"><code>{CodeHtml.Render(cell.Source)}</code></pre>"
            + $"{(outputs.Length > 0 ? $"<div class=\"outputs\">{outputs}</div>" : "")}</section>\n";
    }

    private static string Kind(NotebookCell cell) => cell.Tags.Contains("injected-parameters") ? " injected" : "";

    private static string Facts(RunReport report, DateTimeOffset when)
    {
        var facts = new List<string> { when.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture) };
        facts.AddRange(report.Parameters.Select(pair => $"{pair.Key} = {pair.Value}"));
        facts.Add(RunText.Time(report.Elapsed));
        if (report.Failures.Count > 0)
            facts.Add($"{report.Failures.Count} failed cell(s)");
        return $"<p class=\"facts\">{string.Join(" · ", facts.Select(fact => WebUtility.HtmlEncode(fact)))}</p>";
    }

    private static string Scoreboard(IReadOnlyList<ClaimRecord> claims)
    {
        if (claims.Count == 0)
            return "";
        var badges = claims.Select(claim =>
            $"<span class=\"badge {claim.Status}\" title=\"{WebUtility.HtmlEncode($"{claim.Status.InWords()}: {claim.Statement}")}\">{claim.Status.Mark()} {WebUtility.HtmlEncode(claim.Id)}</span>");
        return $"<p class=\"scoreboard\">{string.Concat(badges)}</p>";
    }
}
