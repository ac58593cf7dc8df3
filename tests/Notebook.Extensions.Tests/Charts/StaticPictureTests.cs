using System.Text.Json.Nodes;
using System.Xml.Linq;
using Attn.Notebook.Charting;
using CsCheck;
using Plotly.NET;

namespace Attn.Notebook.Tests.Charting;

public class StaticPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static XElement Picture(GenericChart chart) => XDocument.Parse((string)MimeBundles.Of(chart).Data["image/svg+xml"]).Root!;

    private static IEnumerable<string> Texts(XElement svg) => svg.Elements(Svg + "text").Select(text => text.Value);

    [Fact]
    public void Lines_have_paths_points_error_bars_rules_and_a_legend()
    {
        var svg = Picture(Charts.Lines("Title", "step", "loss", [
            new("a", [0, 1, 2], [1, 2, 4]),
            new("b", [0, 1, 2], [2, 1, 3]) { Mode = SeriesMode.Both, Dash = SeriesDash.Dash, ErrorY = [0.1, 0.2, 0.3] }], verticals: [("t0", 1)]));
        Assert.Equal(2, svg.Descendants(Svg + "path").Count());
        Assert.Equal(3, svg.Elements(Svg + "svg").Single().Elements(Svg + "circle").Count());
        Assert.Equal(9, svg.Elements(Svg + "svg").Single().Elements(Svg + "line").Count());
        Assert.Subset(Texts(svg).ToHashSet(), new HashSet<string> { "Title", "step", "loss", "a", "b", "t0" });
        Assert.Contains(svg.Descendants(Svg + "path"), path => (string?)path.Attribute("stroke-dasharray") == "8 5");
    }

    [Fact]
    public void Labels_stand_above_their_points_as_text()
    {
        var svg = Picture(Charts.Lines("t", "x", "y", [new("a", [0, 1, 2], [1, double.NaN, 4]) { Mode = SeriesMode.Points, Labels = ["one", "gap", "<b>"] }]));
        var (dots, texts) = (svg.Descendants(Svg + "circle").ToArray(), svg.Elements(Svg + "svg").Single().Elements(Svg + "text").ToArray());
        Assert.Equal(["one", "<b>"], texts.Select(text => text.Value));
        Assert.All(dots.Zip(texts), of => Assert.True(
            (string?)of.First.Attribute("cx") == (string?)of.Second.Attribute("x") && (double)of.First.Attribute("cy")! > (double)of.Second.Attribute("y")!));
    }

    [Fact]
    public void A_gap_breaks_the_line()
    {
        var path = (string)Picture(Charts.Lines("t", "x", "y", [new("a", [1, 2, double.NaN, 4, 5])])).Descendants(Svg + "path").Single().Attribute("d")!;
        Assert.Equal(2, path.Count(c => c == 'M'));
    }

    [Fact]
    public void Decades_lie_at_equal_distances_on_a_logarithmic_axis()
    {
        var scale = AxisScale.Of(JsonNode.Parse("""{"type":"log"}"""), [1, 1000], 0, 0, 300);
        Assert.Equal([0, 100, 200, 300], AxisTicks.Of(scale, 5).Select(tick => Math.Round(scale.At(tick.Value), 6)));
        Assert.Equal(["1", "10", "10²", "10³"], AxisTicks.Of(scale, 5).Select(tick => tick.Label));
        Assert.True(double.IsNaN(scale.At(0)));
    }

    [Fact]
    public void Bars_are_as_high_as_their_values()
    {
        var bars = Picture(Charts.Bars("t", "ms", [("a", 1), ("b", 2), ("c", -1)])).Elements(Svg + "svg").Single().Elements(Svg + "rect").ToList();
        var heights = bars.Select(bar => (double)bar.Attribute("height")!).ToList();
        Assert.Equal(2, heights[1] / heights[0], 2);
        Assert.Equal(1, heights[2] / heights[0], 2);
        Assert.Equal((double)bars[0].Attribute("y")! + heights[0], (double)bars[2].Attribute("y")!, 1);
    }

    [Fact]
    public void Heat_map_is_one_image_with_named_axes()
    {
        var svg = Picture(Charts.HeatMap("t", "key", "query", new double[,] { { 1, 2 }, { 3, double.NaN } }, ["a", "b"], ["c", "d"]));
        Assert.StartsWith("data:image/png;base64,", (string?)svg.Elements(Svg + "image").First().Attribute("href"));
        Assert.Subset(Texts(svg).ToHashSet(), new HashSet<string> { "a", "b", "c", "d", "key", "query" });
    }

    [Fact]
    public void Other_kinds_have_a_placeholder_that_says_what_they_are()
    {
        var svg = Picture(Plotly.NET.CSharp.Chart.Pie<double, string, string>([1.0, 2], Name: "Shares"));
        Assert.Contains("Shares: 2 slices", Texts(svg));
    }

    [Fact]
    public void Any_values_give_a_well_formed_picture_without_NaN() => Gen.Select(Gen.Double.Array[0, 12], Gen.Bool, Gen.Bool).Sample((y, logX, logY) =>
    {
        var svg = (string)MimeBundles.Of(Charts.Lines("t", "x", "y", [new("a", y) { Mode = SeriesMode.Both, ErrorY = y }], logX, logY)).Data["image/svg+xml"];
        XDocument.Parse(svg);
        Assert.DoesNotContain("NaN", svg);
        Assert.DoesNotContain("Infinity", svg);
        Assert.DoesNotContain("∞", svg);
    }, iter: 300);

    [Fact]
    public void A_long_series_is_drawn_small_and_keeps_its_extremes()
    {
        var y = Enumerable.Range(0, 1_000_000).Select(i => Math.Sin(i / 1000.0)).ToArray();
        y[654_321] = 100;
        var svg = (string)MimeBundles.Of(Charts.Lines("t", "x", "y", [new("a", y)])).Data["image/svg+xml"];
        Assert.True(svg.Length < 100_000, $"{svg.Length} characters");
        Assert.Contains("100", Texts(XDocument.Parse(svg).Root!));
    }
}
