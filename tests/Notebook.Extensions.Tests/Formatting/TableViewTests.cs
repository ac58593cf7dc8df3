using AngleSharp.Html.Parser;
using Attn.Kernels;
using Microsoft.Data.Analysis;

namespace Attn.Notebook.Tests.Formatting;

public class TableViewTests
{
    [Fact]
    public void A_frame_is_a_table_of_its_first_rows_and_says_so()
    {
        var frame = new DataFrame(
            new StringDataFrameColumn("name", Enumerable.Range(0, 1234).Select(i => i == 1 ? null : $"n{i}")),
            new DoubleDataFrameColumn("value", Enumerable.Range(0, 1234).Select(i => i / 3.0)));
        var bundle = MimeBundles.Of(frame);
        var page = new HtmlParser().ParseDocument((string)bundle.Data["text/html"]);
        Assert.Equal(50, page.QuerySelectorAll("tbody tr").Length);
        Assert.Equal(["n0", "0", "null", "0.333333"], page.QuerySelectorAll("tbody td").Take(4).Select(cell => cell.TextContent));
        Assert.Contains("1,234 rows × 2 columns; shown: the first 50 rows", page.Body!.TextContent);
        var text = ((string)bundle.Data["text/plain"]).Split('\n');
        Assert.Equal(["name     value", "────  ────────", "n0           0", "null  0.333333"], text[..4]);
        Assert.Equal(23, text.Length);
    }

    [Fact]
    public void Every_catalogue_row_shows_its_equation_and_is_listed()
    {
        foreach (var row in Catalog.Rows)
        {
            Assert.Empty(MathMl.UnknownCommands(row.Equation));
            var bundle = MimeBundles.Of(row);
            var page = new HtmlParser().ParseDocument((string)bundle.Data["text/html"]);
            Assert.NotNull(page.QuerySelector("math"));
            foreach (var fact in (string[])[row.Id, row.Name, row.Source, row.Summary])
            {
                Assert.Contains(fact, page.Body!.TextContent);
                Assert.Contains(fact, (string)bundle.Data["text/plain"]);
            }
        }

        Assert.Contains("time ∝ T^2.0 at long T", (string)MimeBundles.Of(Catalog.Find("softmax")).Data["text/plain"]);
        Assert.Contains("time ∝ T^1.0 at long T", (string)MimeBundles.Of(Catalog.Find("gated-linear")).Data["text/plain"]);

        var list = new HtmlParser().ParseDocument((string)MimeBundles.Of(Catalog.Rows).Data["text/html"]);
        Assert.Equal(Catalog.Rows.Select(row => row.Id), list.QuerySelectorAll("tbody tr").Select(row => row.QuerySelector("code")!.TextContent));
    }
}
