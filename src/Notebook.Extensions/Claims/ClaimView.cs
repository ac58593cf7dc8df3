using System.Text;
using Attn.Notebook.Charting;

namespace Attn.Notebook;

/// <summary>One claim as a card.</summary>
internal static class ClaimView
{
    public static MimeBundle Of(ClaimRecord claim) => new(new Dictionary<string, object>
    {
        [ClaimRecord.MimeType] = claim.ToJson(),
        [Mime.Html] = Html(claim),
        [Mime.Text] = Text(claim),
    });

    private static string Html(ClaimRecord claim)
    {
        var html = new StringBuilder();
        html.Append($"<div class=\"attn-claim\" style=\"font-family:{Markup.Escape(ChartTheme.Font)};border:1px solid {ClaimStyle.Line};border-left:5px solid {ClaimStyle.Color(claim.Status)};")
            .Append("border-radius:6px;padding:10px 14px;margin:6px 0;max-width:60em;font-size:14px\">")
            .Append($"<div>{ClaimStyle.Badge(claim.Status)} <b>{Markup.Escape(claim.Id)}</b> {Markup.Escape(claim.Statement)}</div>");
        if (claim.Paper.Length > 0)
            html.Append($"<div style=\"opacity:.75;margin:4px 0\">Paper: {Markup.Escape(claim.Paper)}</div>");
        if (claim.NotRun is { } why)
            html.Append($"<div>Not run: {Markup.Escape(why)}</div>");
        if (claim.Checks.Count + claim.Controls.Count > 0)
        {
            html.Append("<table style=\"border-collapse:collapse;margin-top:6px;font-size:13px\"><thead><tr>")
                .AppendJoin("", ((string[])["", "", "measured", "criterion"]).Select(head => $"<th style=\"{ClaimStyle.Cell};opacity:.65;font-weight:500\">{head}</th>"))
                .Append("</tr></thead><tbody>");
            foreach (var check in claim.Checks)
                Row(html, check, "", "");
            foreach (var control in claim.Controls)
                Row(html, control, "control: ", "must be ");
            html.Append("</tbody></table>");
        }

        if (claim.NoControl is { } reason && claim.NotRun is null)
            html.Append($"<div style=\"opacity:.75;margin-top:4px\">No control: {Markup.Escape(reason)}</div>");
        if (claim.Tried is { } tried)
            html.Append($"<div style=\"margin-top:4px\">Tried: {Markup.Escape(tried)}</div>");
        return html.Append("</div>").ToString();
    }

    private static void Row(StringBuilder html, Measurement row, string lead, string must) => html.Append("<tr>")
        .Append($"<td style=\"{ClaimStyle.Cell};color:{ClaimStyle.Color(row.Holds ? ClaimStatus.Holds : ClaimStatus.DoesNotHold)}\">{(row.Holds ? "✓" : "✗")}</td>")
        .Append($"<td style=\"{ClaimStyle.Cell}\">{lead}{Markup.Escape(row.Label)}</td>")
        .Append($"<td style=\"{ClaimStyle.Cell};font-variant-numeric:tabular-nums\">{Markup.Escape(row.Measured)}</td>")
        .Append($"<td style=\"{ClaimStyle.Cell}\">{must}{Markup.Escape(row.Criterion)}</td></tr>");

    private static string Text(ClaimRecord claim)
    {
        var text = new StringBuilder($"{claim.Status.Mark()} {claim.Id} {claim.Status.InWords()}: {claim.Statement}");
        if (claim.Paper.Length > 0)
            text.Append($"\n    paper: {claim.Paper}");
        if (claim.NotRun is { } why)
            text.Append($"\n    not run: {why}");
        foreach (var check in claim.Checks)
            text.Append($"\n  {(check.Holds ? "✓" : "✗")} {check.Label}: {check.Measured}, criterion {check.Criterion}");
        foreach (var control in claim.Controls)
            text.Append($"\n  {(control.Holds ? "✓" : "✗")} control: {control.Label}: {control.Measured}, must be {control.Criterion}");
        if (claim.Tried is { } tried)
            text.Append($"\n    tried: {tried}");
        return text.ToString();
    }
}
