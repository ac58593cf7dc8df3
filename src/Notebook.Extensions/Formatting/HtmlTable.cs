using System.Text;

namespace Attn.Notebook.Formatting;

/// <summary>Tables as HTML and as aligned text.</summary>
internal static class HtmlTable
{
    private const string Cell = "padding:3px 10px;border-bottom:1px solid rgba(128,128,128,.25);vertical-align:top";

    /// <summary>A table whose cells are HTML already; numbers go to the right.</summary>
    public static string Of(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, IReadOnlyList<bool> right)
    {
        var html = new StringBuilder("<table style=\"border-collapse:collapse;font-size:13px;margin:4px 0\"><thead><tr>");
        for (var i = 0; i < heads.Count; i++)
            html.Append($"<th scope=\"col\" style=\"{Cell};{Side(right[i])};border-bottom-width:2px\">{heads[i]}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < row.Count; i++)
                html.Append($"<td style=\"{Cell};{Side(right[i])}\">{row[i]}</td>");
            html.Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>The same as text: columns padded, a rule under the heads.</summary>
    public static string Text(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlyList<bool> right)
    {
        var lines = rows.Prepend(heads).Select(row => row.Select(OneLine).ToArray()).ToList();
        var widths = Enumerable.Range(0, heads.Count).Select(i => lines.Max(line => line[i].Length)).ToArray();
        lines.Insert(1, [.. widths.Select(width => new string('─', width))]);
        return string.Join('\n', lines.Select(line =>
            string.Join("  ", line.Select((cell, i) => right[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd()));
    }

    private static string OneLine(string cell)
    {
        var line = cell.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..(char.IsHighSurrogate(line[58]) ? 58 : 59)] + "…";
    }

    private static string Side(bool right) => right ? "text-align:right" : "text-align:left";
}
