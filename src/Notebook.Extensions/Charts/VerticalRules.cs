using Plotly.NET;

namespace Attn.Notebook.Charting;

/// <summary>Named vertical lines over the whole height of a chart.</summary>
internal static class VerticalRules
{
    public static void Add(Layout layout, IEnumerable<(string Label, double X)> verticals, bool logX)
    {
        // Plotly takes the places of shapes in data, but those of annotations in powers of ten, on a logarithmic axis.
        var drawn = verticals.Where(rule => double.IsFinite(rule.X) && (!logX || rule.X > 0)).ToList();
        if (drawn.Count == 0)
            return;
        layout.With(
            ("shapes", drawn.Select(rule => Dyn.Of(
                ("type", "line"), ("xref", "x"), ("yref", "paper"), ("x0", rule.X), ("x1", rule.X), ("y0", 0), ("y1", 1),
                ("line", Dyn.Of(("color", ChartTheme.Muted), ("width", 1.4), ("dash", "dash"))))).ToArray()),
            ("annotations", drawn.Select(rule => Dyn.Of(
                ("text", ChartLayout.Text(rule.Label)), ("xref", "x"), ("yref", "paper"), ("x", logX ? Math.Log10(rule.X) : rule.X), ("y", 1),
                ("xanchor", "left"), ("yanchor", "top"), ("xshift", 4), ("showarrow", false),
                ("font", ChartLayout.Font(12, ChartTheme.Muted)))).ToArray()));
    }
}
