using Microsoft.FSharp.Collections;
using Plotly.NET;

namespace Attn.Notebook.Charting;

/// <summary>Takes Plotly.NET charts apart and puts them together.</summary>
internal static class ChartParts
{
    public static GenericChart Join(IEnumerable<Trace> traces, Layout layout) => GenericChart.NewMultiChart(
        ListModule.OfSeq(traces), layout, new Config(), new DisplayOptions());

    public static IEnumerable<Trace> Traces(GenericChart chart) => GenericChart.getTraces(chart);
}
