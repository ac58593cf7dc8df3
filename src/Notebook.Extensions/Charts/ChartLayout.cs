using Plotly.NET;

namespace Attn.Notebook.Charting;

/// <summary>The theme as a Plotly layout.</summary>
internal static class ChartLayout
{
    public static Layout Of(string title, DynamicObj.DynamicObj xAxis, DynamicObj.DynamicObj yAxis, bool legend)
    {
        var layout = new Layout().With(
            ("title", Dyn.Of(("text", Text(title)), ("x", 0.02), ("xanchor", "left"), ("y", 0.97), ("yanchor", "top"), ("font", Font(17, ChartTheme.Ink)))),
            ("font", Font(13, ChartTheme.Ink)),
            ("paper_bgcolor", ChartTheme.Paper),
            ("plot_bgcolor", ChartTheme.Paper),
            ("colorway", ChartTheme.Colors.ToArray()),
            ("height", ChartTheme.Height),
            ("margin", Dyn.Of(("l", 70), ("r", 24), ("t", legend ? 80 : 56), ("b", 56))),
            ("hovermode", "closest"),
            ("showlegend", legend));
        layout.With(
            ("xaxis", xAxis),
            ("yaxis", yAxis),
            ("legend", Dyn.Of(
                ("orientation", "h"), ("x", 0), ("y", 1.01), ("yanchor", "bottom"), ("bgcolor", "rgba(255,255,255,0)"), ("font", Font(12, ChartTheme.Ink)))));
        return layout;
    }

    /// <summary>An axis with a title; <paramref name="kind"/> is Plotly's axis type, null for its own choice.</summary>
    public static DynamicObj.DynamicObj Axis(string title, string? kind = null) => Dyn.Of(
        ("title", Dyn.Of(("text", Text(title)), ("standoff", 12), ("font", Font(13, ChartTheme.Muted)))),
        ("type", kind),
        ("gridcolor", ChartTheme.Grid),
        ("linecolor", ChartTheme.Axis),
        ("showline", true),
        ("zeroline", false),
        ("ticks", "outside"),
        ("tickcolor", ChartTheme.Axis),
        ("automargin", true),
        ("exponentformat", "power"));

    public static DynamicObj.DynamicObj Font(int size, string color) => Dyn.Of(("family", ChartTheme.Font), ("size", size), ("color", color));

    /// <summary>Text that Plotly shows as it stands: it reads a subset of HTML in labels.</summary>
    public static string Text(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
