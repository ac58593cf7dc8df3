using System.Text.Json;
using System.Text.Json.Nodes;
using Plotly.NET;
using static TorchSharp.torch;

namespace Attn.Notebook.Tests.Charting;

public class ChartFigureTests
{
    private static JsonObject Figure(GenericChart chart) => (JsonObject)MimeBundles.Of(chart).Data["application/vnd.plotly.v1+json"];

    [Fact]
    public void Lines_keep_their_values_and_drop_what_is_not_finite()
    {
        var figure = Figure(Charts.Lines("t", "x", "y", [new("a", [1, 2, 3], [1.5, double.NaN, double.PositiveInfinity])]));
        var trace = figure["data"]![0]!;
        Assert.Equal("scatter", (string?)trace["type"]);
        Assert.Equal("[1,2,3]", JsonSerializer.Serialize(trace["x"]!.AsArray().Select(v => (double)v!)));
        Assert.Equal(1.5, (double)trace["y"]![0]!);
        Assert.Null(trace["y"]![1]);
        Assert.Null(trace["y"]![2]);
        Assert.Equal("x", (string?)figure["layout"]!["xaxis"]!["title"]!["text"]);
    }

    [Fact]
    public void A_users_own_chart_has_no_NaN_words()
    {
        var chart = Plotly.NET.CSharp.Chart.Line<double, double, string>([0, 1], [double.NaN, 1]);
        Assert.Null(Figure(chart)["data"]![0]!["y"]![0]);
    }

    [Fact]
    public void Log_axes_leave_out_what_has_no_logarithm()
    {
        var figure = Figure(Charts.Lines("t", "x", "y", [new("a", [0, 1, 10], [1, -2, 3])], logX: true, logY: true, verticals: [("t0", 10)]));
        Assert.Equal("log", (string?)figure["layout"]!["xaxis"]!["type"]);
        Assert.Null(figure["data"]![0]!["x"]![0]);
        Assert.Null(figure["data"]![0]!["y"]![1]);
        Assert.Equal(10, (double)figure["layout"]!["shapes"]![0]!["x0"]!);
        Assert.Equal(1, (double)figure["layout"]!["annotations"]![0]!["x"]!);
    }

    [Fact]
    public void Slider_shows_the_first_frame_and_toggles_the_others()
    {
        var figure = Figure(Charts.Slider("title", "τ", [.. new[] { 0.5, 1, 2 }.Select(v => ($"{v}", Charts.Lines($"τ {v}", "x", "y", [new("a", [v]), new("b", [v])])))]));
        Assert.Equal([true, true, false, false, false, false], figure["data"]!.AsArray().Select(trace => (bool)trace!["visible"]!));
        var steps = figure["layout"]!["sliders"]![0]!["steps"]!.AsArray();
        Assert.Equal(3, steps.Count);
        Assert.Equal([false, false, true, true, false, false], steps[1]!["args"]![0]!["visible"]!.AsArray().Select(v => (bool)v!));
    }

    [Fact]
    public void Slider_leaves_its_charts_as_they_were()
    {
        var (a, b) = (Charts.Bars("a", "y", [("a", 1)]), Charts.Bars("b", "y", [("b", 1)]));
        var before = Figure(a).ToJsonString() + Figure(b).ToJsonString();
        Figure(Charts.Slider("t", "p", [("a", a), ("b", b)]));
        Assert.Equal(before, Figure(a).ToJsonString() + Figure(b).ToJsonString());
    }

    [Fact]
    public void Heat_map_of_a_tensor_has_its_values()
    {
        using var values = arange(6, dtype: ScalarType.Float32).reshape(2, 3).t();
        var z = Figure(Charts.HeatMap("t", "x", "y", values))["data"]![0]!["z"]!;
        Assert.Equal(3, z.AsArray().Count);
        Assert.Equal(4, (double)z[1]![1]!);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.Contains("got 1 values for 2", Assert.Throws<ArgumentException>(() => new Series("a", [1, 2], [1])).Message);
        Assert.Contains("Labels", Assert.Throws<ArgumentException>(() => new Series("a", [1, 2]) { Labels = ["b"] }).Message);
        Assert.Contains("ErrorY", Assert.Throws<ArgumentException>(() => new Series("a", [1, 2]) { ErrorY = [1] }).Message);
        Assert.Contains("series", Assert.Throws<ArgumentException>(() => Charts.Lines("t", "x", "y", [])).Message);
        Assert.Contains("bars", Assert.Throws<ArgumentException>(() => Charts.Bars("t", "y", [])).Message);
        Assert.Contains("frames", Assert.Throws<ArgumentException>(() => Charts.Slider("t", "p", [])).Message);
        Assert.Contains("[0, 2]", Assert.Throws<ArgumentException>(() => Charts.HeatMap("t", "x", "y", new double[0, 2])).Message);
        Assert.Contains("xNames", Assert.Throws<ArgumentException>(() => Charts.HeatMap("t", "x", "y", new double[1, 2], ["a"])).Message);
        using var cube = zeros(2, 2, 2);
        Assert.Contains("[2, 2, 2]", Assert.Throws<ArgumentException>(() => Charts.HeatMap("t", "x", "y", cube)).Message);
    }
}
