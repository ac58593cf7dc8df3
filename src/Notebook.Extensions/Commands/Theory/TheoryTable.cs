using Attn.Notebook.Formatting;

namespace Attn.Notebook.Commands.Theory;

/// <summary>What a module found: a heading, a table, and what its columns mean.</summary>
internal sealed class TheoryTable(string heading, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows, string note) : INotebookView
{
    public MimeBundle ToMimeBundle()
    {
        bool[] right = [false, .. Enumerable.Repeat(true, heads.Count - 1)];
        var html = $"<div class=\"attn-theory\"><b>{Markup.Escape(heading)}</b>{HtmlTable.Of(heads, rows.Select(row => row.Select(Markup.Escape).ToList()), right)}"
            + $"<div style=\"font-size:85%;opacity:.75\">{Markup.Escape(note)}</div></div>";
        return MimeBundle.Html(html, $"{heading}\n{HtmlTable.Text(heads, rows, right)}\n{note}");
    }
}
