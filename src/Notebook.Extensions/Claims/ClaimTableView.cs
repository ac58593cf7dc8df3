using System.Text;
using Attn.Notebook.Charting;

namespace Attn.Notebook;

/// <summary>Many claims as one table.</summary>
internal static class ClaimTableView
{
    public static string Html(IReadOnlyList<ClaimRecord> claims)
    {
        var html = new StringBuilder();
        html.Append($"<div style=\"overflow-x:auto\"><table class=\"attn-claims\" style=\"font-family:{Markup.Escape(ChartTheme.Font)};border-collapse:collapse;font-size:13px\"><thead><tr>")
            .AppendJoin("", ((string[])["", "claim", "paper", "measured", "criterion", "control"]).Select(head => $"<th style=\"{Cell};font-weight:600\">{head}</th>"))
            .Append("</tr></thead><tbody>");
        foreach (var claim in claims)
            html.Append("<tr>")
                .Append($"<td style=\"{Cell}\">{ClaimStyle.Badge(claim.Status)}</td>")
                .Append($"<td style=\"{Cell}\"><b>{Markup.Escape(claim.Id)}</b> {Markup.Escape(claim.Statement)}</td>")
                .Append($"<td style=\"{Cell}\">{Markup.Escape(claim.Paper)}</td>")
                .Append($"<td style=\"{Cell}\">{(claim.NotRun is { } why ? Markup.Escape(why) : Lines(claim.Checks, check => $"{check.Label}: {check.Measured}"))}</td>")
                .Append($"<td style=\"{Cell};white-space:nowrap\">{Lines(claim.Checks, check => check.Criterion)}</td>")
                .Append($"<td style=\"{Cell}\">{Lines(claim.Controls, control => $"{control.Label}: {control.Measured}, must be {control.Criterion}")}{Markup.Escape(claim.NoControl)}</td></tr>");
        return html.Append("</tbody></table></div>").ToString();
    }

    public static string Text(IReadOnlyList<ClaimRecord> claims)
    {
        var width = claims.Count == 0 ? 0 : claims.Max(claim => claim.Id.Length);
        var text = new StringBuilder();
        foreach (var claim in claims)
        {
            text.Append($"{claim.Status.Mark()} {claim.Id.PadRight(width)} {claim.Status.InWords()}: {claim.Statement}\n");
            foreach (var check in claim.Checks)
                text.Append($"{new string(' ', width + 5)}{check.Label}: {check.Measured} ({check.Criterion})\n");
        }

        var counts = claims.CountBy(claim => claim.Status).OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key.InWords()}");
        return text.Append(string.Join(", ", counts)).ToString();
    }

    private const string Cell = $"{ClaimStyle.Cell};border-top:1px solid {ClaimStyle.Line}";

    private static string Lines(IEnumerable<Measurement> rows, Func<Measurement, string> text) =>
        string.Join("", rows.Select(row => $"<div>{Markup.Escape(text(row))}</div>"));
}
