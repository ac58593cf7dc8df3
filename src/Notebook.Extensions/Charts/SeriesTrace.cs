using Plotly.NET;

namespace Attn.Notebook.Charting;

/// <summary>A series as a Plotly scatter trace.</summary>
internal static class SeriesTrace
{
    public static Trace Of(Series series, int index, bool logX, bool logY)
    {
        var color = ChartTheme.Color(series.Color ?? index);
        return new Trace("scatter").With(
            ("name", ChartLayout.Text(series.Name)),
            ("x", Dyn.Numbers(Positive(series.X, logX))),
            ("y", Dyn.Numbers(Positive(series.Y, logY))),
            ("mode", Mode(series)),
            ("text", series.Labels?.Select(ChartLayout.Text).ToArray()),
            ("textposition", series.Labels is null ? null : "top center"),
            ("textfont", series.Labels is null ? null : ChartLayout.Font(ChartTheme.LabelSize, color)),
            ("line", Dyn.Of(("color", color), ("width", 2), ("dash", series.Dash.ToString().ToLowerInvariant()))),
            ("marker", Dyn.Of(("color", color), ("size", 7))),
            ("error_y", series.ErrorY is { } error
                ? Dyn.Of(("type", "data"), ("array", Dyn.Numbers(error)), ("color", color), ("thickness", 1.4), ("width", 4))
                : null));
    }

    private static string Mode(Series series) => (series.Mode switch { SeriesMode.Lines => "lines", SeriesMode.Points => "markers", _ => "lines+markers" })
        + (series.Labels is null ? "" : "+text");

    /// <summary>On a logarithmic axis zero and below have no place.</summary>
    private static IEnumerable<double> Positive(IEnumerable<double> values, bool log) =>
        log ? values.Select(value => value > 0 ? value : double.NaN) : values;
}
