using System.Text;
using AngleSharp.Html.Parser;
using static TorchSharp.torch;

namespace Attn.Notebook.Tests.Patterns;

public class AttentionPatternTests
{
    [Fact]
    public void Each_cell_says_its_tokens_and_its_weight()
    {
        using var weights = tensor(new[] { 1f, 0, 0.25f, 0.75f }).reshape(1, 1, 2, 2);
        var html = (string)MimeBundles.Of(new AttentionPattern(weights, ["the", "cat"])).Data["text/html"];
        var picture = new HtmlParser().ParseDocument(html).QuerySelector(".attn-map-still img")!.GetAttribute("src")!.Split("base64,")[1];
        var drawing = Encoding.UTF8.GetString(Convert.FromBase64String(picture));
        var tips = new HtmlParser().ParseDocument(drawing).QuerySelectorAll("rect>title").Select(tip => tip.TextContent);
        Assert.Equal(["the → the: 1", "the → cat: 0", "cat → the: 0.25", "cat → cat: 0.75"], tips);
    }

    [Theory]
    [InlineData(5, 7)]
    [InlineData(3, 5, 7)]
    [InlineData(2, 3, 1, 7)]
    [InlineData(2, 12, 129, 300)]
    public void Every_rank_is_drawn(params int[] shape)
    {
        using var weights = rand([.. shape.Select(n => (long)n)]);
        var bundle = MimeBundles.Of(new AttentionPattern(weights));
        var page = new HtmlParser().ParseDocument((string)bundle.Data["text/html"]);
        Assert.Equal(shape.Length == 2 ? 1 : Math.Min(8, shape[^3]), page.QuerySelectorAll("img[src^='data:image/svg+xml;base64,']").Length);
        Assert.Contains($"{shape[^2]} queries", (string)bundle.Data["text/plain"]);
    }

    [Fact]
    public void A_long_pattern_keeps_its_thin_lines()
    {
        using var scope = NewDisposeScope();
        var weights = zeros(1000, 1000);
        weights[TensorIndex.Colon, 3] = 1; // an attention sink, one column wide
        var text = (string)MimeBundles.Of(new AttentionPattern(weights)).Data["text/plain"];
        Assert.All(text.Split('\n').Skip(1), line => Assert.Contains("██", line));
        Assert.Contains("each cell the largest weight of its block", text);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("[4]", Assert.Throws<ArgumentException>(() => new AttentionPattern(ones(4))).Message);
        Assert.Contains("1 names for 2 queries", Assert.Throws<ArgumentException>(() => new AttentionPattern(ones(2, 3), ["a"])).Message);
        Assert.Contains("2 names for 3 keys", Assert.Throws<ArgumentException>(() => new AttentionPattern(ones(2, 3), null, ["a", "b"])).Message);
        var gone = ones(2, 2);
        gone.Dispose();
        Assert.Contains("disposed", Assert.Throws<ArgumentException>(() => new AttentionPattern(gone)).Message);
    }
}
