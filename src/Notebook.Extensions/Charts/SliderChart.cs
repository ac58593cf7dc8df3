using Plotly.NET;

namespace Attn.Notebook.Charting;

/// <summary>Several charts as one figure whose slider says which of them is visible.</summary>
internal static class SliderChart
{
    /// <summary>The parts of a layout that belong to one frame, and what stands for them where a frame has none.</summary>
    private static readonly (string Name, object Nothing)[] PerFrame = [("shapes", Array.Empty<object>()), ("annotations", Array.Empty<object>())];

    public static GenericChart Of(string title, string parameterName, IReadOnlyList<(string Label, GenericChart Chart)> frames)
    {
        if (frames.Count == 0)
            throw new ArgumentException("frames: got none, needs at least one.", nameof(frames));
        // The frames stay usable as charts of their own: what changes is a copy.
        var traces = frames.Select((frame, f) => ChartParts.Traces(frame.Chart)
            .Select(trace => new Trace(trace.type).Taking(trace).With(("visible", f == 0))).ToList()).ToList();
        var layout = new Layout().Taking(GenericChart.getLayout(frames[0].Chart)).With(
            ("title", Title(title, frames[0])),
            ("height", ChartTheme.Height + 90),
            ("sliders", new object[]
            {
                Dyn.Of(
                    ("active", 0),
                    ("pad", Dyn.Of(("t", 62), ("b", 8))),
                    ("currentvalue", Dyn.Of(("prefix", $"{ChartLayout.Text(parameterName)} = "), ("font", ChartLayout.Font(13, ChartTheme.Ink)))),
                    ("steps", frames.Select((frame, f) => Step(title, frame, f, traces)).ToArray())),
            }));
        return ChartParts.Join(traces.SelectMany(of => of), layout);
    }

    private static DynamicObj.DynamicObj Step(string title, (string Label, GenericChart Chart) frame, int index, List<List<Trace>> traces)
    {
        var visible = traces.SelectMany((of, f) => of.Select(_ => f == index)).ToArray();
        var own = GenericChart.getLayout(frame.Chart);
        var change = Dyn.Of(("title", Title(title, frame)));
        foreach (var (name, nothing) in PerFrame)
            change.SetProperty(name, own.Properties.GetValueOrDefault(name) ?? nothing);
        return Dyn.Of(
            ("label", ChartLayout.Text(frame.Label)),
            ("method", "update"),
            ("args", new object[] { Dyn.Of(("visible", visible)), change }));
    }

    private static DynamicObj.DynamicObj Title(string title, (string Label, GenericChart Chart) frame)
    {
        var own = GenericChart.getLayout(frame.Chart).Properties.GetValueOrDefault("title") is DynamicObj.DynamicObj of
            ? of.Properties.GetValueOrDefault("text") as string
            : null;
        var text = string.IsNullOrEmpty(own) ? ChartLayout.Text(title) : $"{ChartLayout.Text(title)}: {own}";
        return Dyn.Of(("text", text), ("x", 0.02), ("xanchor", "left"), ("y", 0.97), ("yanchor", "top"), ("font", ChartLayout.Font(17, ChartTheme.Ink)));
    }
}
