using System.Buffers.Binary;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Attn.Tests;
using static TorchSharp.torch;

namespace Attn.Notebook.Tests.Patterns;

/// <summary>The interactive pattern: its data, and what its script makes of them in a real browser.</summary>
public sealed class PatternMapTests
{
    [Fact]
    public void The_data_are_the_weights()
    {
        using var weights = tensor(new[] { 0.5, -0.25, double.NaN, 1 }).reshape(1, 2, 2);
        var map = Data(Page(new AttentionPattern(weights, ["<b>", "cat"]) { Layout = PatternLayout.Lines }));
        var bytes = Convert.FromBase64String((string)map["data"]!);
        var (low, high) = ((double)map["low"]!, (double)map["high"]!);
        var shares = Enumerable.Range(0, 4).Select(i => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i))).ToArray();
        double Value(int i) => low + shares[i] / 65534.0 * (high - low);
        Assert.Equal([0.5, -0.25, 1], new[] { 0, 1, 3 }.Select(i => Math.Round(Value(i), 4)));
        Assert.Equal(65535, shares[2]);
        Assert.Equal(("lines", "<b>"), ((string)map["view"]!, (string)map["q"]![0]!));
    }

    [Fact]
    public void A_whole_model_is_a_table_of_thumbnails()
    {
        using var weights = rand([3, 2, 4, 5, 5]);
        var page = Page(new AttentionPattern(weights));
        Assert.Equal(12, page.QuerySelectorAll("img[data-head]").Length);
        Assert.Equal((3, 4), ((int)Data(page)["layers"]!, (int)Data(page)["heads"]!));
    }

    [Fact]
    public void A_pattern_of_two_thousand_tokens_is_small_enough_and_says_that_it_was_thinned()
    {
        using var weights = rand(8, 2000, 2000);
        var bundle = MimeBundles.Of(new AttentionPattern(weights));
        Assert.InRange(((string)bundle.Data[Mime.Html]).Length, 10_000, 2_000_000);
        Assert.Contains("each cell the largest weight of its block", (string)bundle.Data[Mime.Text]);
    }

    [Theory]
    [InlineData(PatternLayout.Matrix, "cat (query 1) → the (key 0): 0.25")]
    [InlineData(PatternLayout.Lines, "most: cat (query 1) → cat (key 1): 0.75")]
    public void In_a_browser_pointing_at_a_place_says_its_weight(PatternLayout layout, string said)
    {
        Assert.SkipWhen(Chromium.Location is null, "no Chromium on this machine");
        using var weights = tensor(new[] { 1f, 0, 0.25f, 0.75f }).reshape(2, 2);
        var html = (string)MimeBundles.Of(new AttentionPattern(weights, ["the", "cat"]) { Layout = layout }).Data[Mime.Html];
        using var folder = new TemporaryFolder();
        // A quarter from the left and near the bottom: key 0 of query 1 in the matrix; query 1's line in the list.
        File.WriteAllText(folder["page.html"], $$"""
            <!DOCTYPE html><meta charset="utf-8">{{html}}
            <script>
              const canvas = document.querySelector('.attn-map canvas'), box = canvas.getBoundingClientRect();
              const y = '{{layout}}' === 'Matrix' ? 0.75 * box.height : 30;
              canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + box.width / 4, clientY: box.top + y }));
            </script>
            """);
        var (dom, console) = Chromium.Open(folder["page.html"]);
        Assert.DoesNotContain("CONSOLE", console);
        Assert.Equal(said, new HtmlParser().ParseDocument(dom).QuerySelector("[aria-live]")!.TextContent);
    }

    [Fact]
    public void In_a_browser_a_click_on_a_head_opens_it_and_the_choices_are_all_there()
    {
        Assert.SkipWhen(Chromium.Location is null, "no Chromium on this machine");
        using var weights = rand([2, 1, 3, 6, 6]);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["page.html"], $"""
            <!DOCTYPE html><meta charset="utf-8">{MimeBundles.Of(new AttentionPattern(weights)).Data[Mime.Html]}
            <script>document.querySelector('[data-head="4"]').click();</script>
            """);
        var page = new HtmlParser().ParseDocument(Chromium.Open(folder["page.html"]).Dom);
        Assert.Equal("attention matrix, layer 1, head 1", page.QuerySelector(".attn-map canvas")!.GetAttribute("aria-label"));
        Assert.Equal(3 + 6, page.QuerySelectorAll(".attn-map option").Length);
    }

    private static IHtmlDocument Page(AttentionPattern pattern) => new HtmlParser().ParseDocument((string)MimeBundles.Of(pattern).Data[Mime.Html]);

    private static JsonNode Data(IHtmlDocument page) => JsonNode.Parse(page.QuerySelector("script[type='application/json']")!.TextContent)!;
}
