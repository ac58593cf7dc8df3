using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;

namespace Attn.Notebook.Tests.Charting;

public class ChartPageTests
{
    [Fact]
    public void Html_holds_the_picture_and_the_figure_and_fetches_nothing()
    {
        var html = (string)MimeBundles.Of(Charts.Bars("</script><b>", "y", [("a", 1)])).Data["text/html"];
        var page = new HtmlParser().ParseDocument(html);
        // An SVG element would be taken away, and its texts left, where a notebook is not trusted.
        Assert.Null(page.QuerySelector("svg"));
        var picture = page.QuerySelector(".attn-chart-static img")!.GetAttribute("src")!.Split("base64,");
        Assert.Equal("data:image/svg+xml;", picture[0]);
        Assert.StartsWith("<svg ", Encoding.UTF8.GetString(Convert.FromBase64String(picture[1])), StringComparison.Ordinal);
        var figure = JsonNode.Parse(page.QuerySelector("script[type='application/json']")!.TextContent)!;
        Assert.Equal(1, (double)figure["data"]![0]!["y"]![0]!);
        Assert.All(page.Scripts, script => Assert.Null(script.Source));
        Assert.DoesNotContain("require", html);
    }

    [Fact]
    public void Script_is_plotly_and_cannot_end_its_element()
    {
        Assert.Contains("newPlot", PlotlyScript.Text);
        Assert.Contains("Copyright 2012-2024, Plotly, Inc.", PlotlyScript.Text);
        Assert.Contains("ieee754. BSD-3-Clause License", PlotlyScript.Text); // a notice of what plotly.js bundles
        Assert.DoesNotContain("</script", PlotlyScript.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<!--", PlotlyScript.Text);
        Assert.Single(new HtmlParser().ParseDocument(PlotlyScript.Element).Scripts);
    }

    [Fact]
    public void Plain_text_says_title_axes_and_series()
    {
        var text = (string)MimeBundles.Of(Charts.Lines("Entropy", "step", "nats", [new("a <1>", [1, 2.5]), new("b", [0])])).Data["text/plain"];
        Assert.Equal("Entropy\n  nats over step\n  a <1>: 2 points, from 1 to 2.5\n  b: 1 points, from 0 to 0", text);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void A_host_that_asks_for_plotly_gets_it_once(bool needs, int times)
    {
        var host = new RecordingHost { NeedsPlotlyScript = needs };
        using (host.Attached())
        {
            MimeBundles.Of(Charts.Bars("t", "y", [("a", 1)]));
            MimeBundles.Of(Charts.Bars("t", "y", [("b", 1)]));
        }

        Assert.Equal(times, host.Shown.Count);
    }
}
