using Attn.Kernels;

namespace Attn.Notebook.Formatting;

/// <summary>One mechanism of the catalogue: its equation, source, forms, patterns and cost.</summary>
internal static class MechanismView
{
    public static MimeBundle Render(object value)
    {
        var row = (AttentionMechanism)value;
        (string Name, string Text)[] facts =
        [
            ("source", row.Source),
            ("family", row.Family),
            ("forms", MechanismText.Forms(row)),
            ("patterns", MechanismText.Patterns(row.Patterns)),
            ("cost", MechanismText.Cost(row)),
            ("growth", MechanismText.Growth(row)),
            .. row.Extras.Select(extra => (extra.Name, extra.Meaning)),
        ];
        var list = facts.Select(fact => $"<dt style=\"font-weight:600\">{Markup.Escape(fact.Name)}</dt><dd style=\"margin:0\">{Markup.Escape(fact.Text)}</dd>");
        var html = $"""
            <div class="attn-mechanism" style="margin:4px 0">
            <div style="font-size:115%"><strong>{Markup.Escape(row.Name)}</strong> <code>{Markup.Escape(row.Id)}</code></div>
            <div>{Markup.Escape(row.Summary)}</div>
            <div style="margin:8px 0;overflow-x:auto;overflow-y:hidden">{MathMl.FromLatex(row.Equation, display: true)}</div>
            <dl style="display:grid;grid-template-columns:max-content auto;gap:2px 14px;margin:4px 0">{string.Concat(list)}</dl>
            </div>
            """;
        var width = facts.Max(fact => fact.Name.Length);
        var text = facts.Select(fact => $"  {fact.Name.PadRight(width)}  {fact.Text}");
        return MimeBundle.Html(html, $"{row.Name} ({row.Id})\n  {row.Summary}\n  {row.Equation}\n{string.Join('\n', text)}");
    }
}
