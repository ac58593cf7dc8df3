using Plotly.NET;

namespace Attn.Notebook.Charting;

/// <summary>A matrix as a Plotly heat map, row 0 on top.</summary>
internal static class HeatMapChart
{
    public static GenericChart Of(
        string title, string xLabel, string yLabel, double[,] values, IReadOnlyList<string>? xNames, IReadOnlyList<string>? yNames)
    {
        int rows = values.GetLength(0), columns = values.GetLength(1);
        if (rows == 0 || columns == 0)
            throw new ArgumentException($"values: got [{rows}, {columns}], needs at least one row and one column.", nameof(values));
        Check(nameof(xNames), xNames, columns, "columns");
        Check(nameof(yNames), yNames, rows, "rows");

        var (scale, low, high) = HeatMapImage.ScaleOf(values);
        var trace = new Trace("heatmap").With(
            ("z", Enumerable.Range(0, rows).Select(r => Dyn.Numbers(Enumerable.Range(0, columns).Select(c => values[r, c]))).ToArray()),
            ("x", Names(xNames)),
            ("y", Names(yNames)),
            ("colorscale", scale.Plotly),
            ("zmin", low),
            ("zmax", high > low ? high : low + 1),
            ("colorbar", Dyn.Of(("thickness", 14), ("outlinewidth", 0), ("exponentformat", "power"))),
            ("hovertemplate", $"{ChartLayout.Text(xLabel)} %{{x}}<br>{ChartLayout.Text(yLabel)} %{{y}}<br>%{{z:.4g}}<extra></extra>"));
        var yAxis = ChartLayout.Axis(yLabel, yNames is null ? null : "category").With(("autorange", "reversed"), ("showgrid", false));
        var xAxis = ChartLayout.Axis(xLabel, xNames is null ? null : "category").With(("showgrid", false));
        return ChartParts.Join([trace], ChartLayout.Of(title, xAxis, yAxis, legend: false));
    }

    /// <summary>Repeated tokens get their place as invisible marks, since Plotly lays equal names of a category axis onto one another.</summary>
    private static string[]? Names(IReadOnlyList<string>? names)
    {
        if (names is null)
            return null;
        var seen = new Dictionary<string, int>();
        return [.. names.Select(name =>
        {
            var times = seen[name] = seen.GetValueOrDefault(name) + 1;
            return ChartLayout.Text(name) + new string('\u200b', times - 1);
        })];
    }

    private static void Check(string argument, IReadOnlyList<string>? names, int count, string of)
    {
        if (names is not null && names.Count != count)
            throw new ArgumentException($"{argument}: got {names.Count} names for {count} {of}, needs as many.", argument);
    }
}
