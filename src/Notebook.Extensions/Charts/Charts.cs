using Attn.Notebook.Charting;
using Attn.Notebook.Tensors;
using Plotly.NET;
using static TorchSharp.torch;

namespace Attn.Notebook;

/// <summary>The figures of the notebooks, in one look: a thin layer over Plotly.NET. A cell shows a chart by ending with it.</summary>
public static class Charts
{
    /// <summary>Lines and points over a common pair of axes.</summary>
    /// <param name="title">The figure's title.</param>
    /// <param name="xLabel">The horizontal axis, with its unit.</param>
    /// <param name="yLabel">The vertical axis, with its unit.</param>
    /// <param name="series">What is drawn; a legend appears from two on.</param>
    /// <param name="logX">Whether the horizontal axis is logarithmic; what is not positive is then left out.</param>
    /// <param name="logY">Whether the vertical axis is logarithmic; what is not positive is then left out.</param>
    /// <param name="verticals">Named vertical rules, such as the time of a phase change.</param>
    /// <exception cref="ArgumentException">There is no series.</exception>
    public static GenericChart Lines(
        string title, string xLabel, string yLabel, IEnumerable<Series> series, bool logX = false, bool logY = false,
        IEnumerable<(string Label, double X)>? verticals = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        var all = series.ToList();
        if (all.Count == 0)
            throw new ArgumentException("series: got none, needs at least one.", nameof(series));
        var layout = ChartLayout.Of(
            title, ChartLayout.Axis(xLabel, logX ? "log" : "linear"), ChartLayout.Axis(yLabel, logY ? "log" : "linear"), all.Count > 1);
        VerticalRules.Add(layout, verticals ?? [], logX);
        return ChartParts.Join(all.Select((one, i) => SeriesTrace.Of(one, i, logX, logY)), layout);
    }

    /// <summary>One bar a name.</summary>
    /// <param name="title">The figure's title.</param>
    /// <param name="yLabel">The vertical axis, with its unit.</param>
    /// <param name="bars">Names and heights.</param>
    /// <exception cref="ArgumentException">There is no bar.</exception>
    public static GenericChart Bars(string title, string yLabel, IEnumerable<(string Name, double Value)> bars)
    {
        ArgumentNullException.ThrowIfNull(bars);
        var all = bars.ToList();
        if (all.Count == 0)
            throw new ArgumentException("bars: got none, needs at least one.", nameof(bars));
        var trace = new Trace("bar").With(
            ("x", all.Select(bar => ChartLayout.Text(bar.Name)).ToArray()),
            ("y", Dyn.Numbers(all.Select(bar => bar.Value))),
            ("name", ChartLayout.Text(yLabel)),
            ("marker", Dyn.Of(("color", ChartTheme.Color(0)))));
        return ChartParts.Join([trace], ChartLayout.Of(title, ChartLayout.Axis("", "category"), ChartLayout.Axis(yLabel, "linear"), legend: false));
    }

    /// <summary>A matrix as colours, row 0 on top. Blue on white for values of one sign, blue to orange about zero for both.</summary>
    /// <param name="title">The figure's title.</param>
    /// <param name="xLabel">What columns are.</param>
    /// <param name="yLabel">What rows are.</param>
    /// <param name="values">The matrix, <c>[rows, columns]</c>; what is not finite is a gap.</param>
    /// <param name="xNames">A name for each column.</param>
    /// <param name="yNames">A name for each row.</param>
    /// <exception cref="ArgumentException">The matrix is empty, or the names are not as many as its columns or rows.</exception>
    public static GenericChart HeatMap(
        string title, string xLabel, string yLabel, double[,] values, IReadOnlyList<string>? xNames = null, IReadOnlyList<string>? yNames = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return HeatMapChart.Of(title, xLabel, yLabel, values, xNames, yNames);
    }

    /// <summary>A 2-d tensor as colours; see the overload for an array.</summary>
    /// <param name="title">The figure's title.</param>
    /// <param name="xLabel">What columns are.</param>
    /// <param name="yLabel">What rows are.</param>
    /// <param name="values"><c>[rows, columns]</c>, of any real dtype and on any device.</param>
    /// <param name="xNames">A name for each column.</param>
    /// <param name="yNames">A name for each row.</param>
    /// <exception cref="ArgumentException">The tensor has not two dimensions, or is complex.</exception>
    public static GenericChart HeatMap(
        string title, string xLabel, string yLabel, Tensor values, IReadOnlyList<string>? xNames = null, IReadOnlyList<string>? yNames = null)
        => HeatMap(title, xLabel, yLabel, TensorMatrix.Of(values), xNames, yNames);

    /// <summary>One chart at a time of several, chosen with a slider that works without a kernel; a static picture shows the first.</summary>
    /// <param name="title">The figure's title; the chosen chart's own follows it.</param>
    /// <param name="parameterName">What the slider changes.</param>
    /// <param name="frames">A label and a chart for each place of the slider.</param>
    /// <exception cref="ArgumentException">There is no chart.</exception>
    public static GenericChart Slider(string title, string parameterName, IEnumerable<(string Label, GenericChart Chart)> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return SliderChart.Of(title, parameterName, [.. frames]);
    }
}
