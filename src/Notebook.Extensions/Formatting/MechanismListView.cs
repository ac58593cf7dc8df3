using Attn.Kernels;

namespace Attn.Notebook.Formatting;

/// <summary>The catalogue, or a part of it, as a table.</summary>
internal static class MechanismListView
{
    private const int Most = 200;
    private static readonly bool[] Left = [false, false, false, false, false];
    private static readonly string[] Heads = ["id", "name", "forms", "patterns", "source"];

    public static MimeBundle Render(object value)
    {
        var rows = ((IEnumerable<AttentionMechanism>)value).Take(Most + 1).ToList();
        var cells = rows.Take(Most).Select(row => (IReadOnlyList<string>)
            [row.Id, row.Name, MechanismText.Forms(row), MechanismText.Patterns(row.Patterns), row.Source]).ToList();
        var note = rows.Count > Most ? $"only the first {Most} are shown" : $"{rows.Count} mechanism{(rows.Count == 1 ? "" : "s")}";
        var html = cells.Select(row => row.Select((cell, i) => i == 0 ? $"<code>{Markup.Escape(cell)}</code>" : Markup.Escape(cell)).ToList());
        return MimeBundle.Html(
            $"<div class=\"attn-catalog\" style=\"overflow-x:auto\">{HtmlTable.Of(Heads, html, Left)}<div style=\"font-size:85%;opacity:.75\">{note}</div></div>",
            $"{HtmlTable.Text(Heads, cells, Left)}\n{note}");
    }
}
