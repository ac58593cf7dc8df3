using System.Runtime.CompilerServices;

namespace Attn.Notebook.Charting;

/// <summary>Brings plotly.js to the front end of a host that asks for it, once a session.</summary>
internal static class PlotlyOnPage
{
    private static readonly ConditionalWeakTable<INotebookHost, object> Served = [];

    public static void Ensure()
    {
        if (NotebookHost.Current is { NeedsPlotlyScript: true } host && Served.TryAdd(host, Served))
            host.Display(MimeBundle.Html(PlotlyScript.Element, "(plotly.js, for interactive charts)"), "attn-plotly-js");
    }
}
