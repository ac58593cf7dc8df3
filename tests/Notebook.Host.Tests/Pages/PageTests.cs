using System.Text.Json.Nodes;
using Attn.Host.Pages;

namespace Attn.Host.Tests.Pages;

public class PageTests
{
    [Fact]
    public void Equations_are_set_and_code_spans_left_alone()
    {
        var html = MarkdownHtml.Render("Let $a_1$ and\n\n$$\\sum_i x_i$$\n\nbut `$not$` it.");
        Assert.Equal(2, html.Split("<math").Length - 1);
        Assert.Contains("<code>$not$</code>", html);
        Assert.Equal(["a_1", "\\sum_i x_i"], MarkdownHtml.Equations("Let $a_1$ and\n\n$$\\sum_i x_i$$").Select(tex => tex.Trim()));
    }

    [Fact]
    public void Markup_in_markdown_is_shown_and_not_obeyed()
    {
        var html = MarkdownHtml.Render("<script>alert(1)</script> <img src=x onerror=alert(1)>");
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<img", html);
    }

    [Fact]
    public void Code_keeps_every_character()
    {
        const string Code = "#r \"nuget: X, 1\"\nvar s = $\"<b>{1 + 1}</b>\"; // why & how\n\nforeach (var x in new[] { 1 }) F<int>(x);";
        var html = CodeHtml.Render(Code);
        var text = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(html, "<[^>]*>", ""));
        Assert.Equal(Code, text);
        Assert.Contains("<span class=\"k\">foreach</span>", html);
        Assert.Contains("<span class=\"c\">// why &amp; how</span>", html);
        Assert.DoesNotContain("<b>", html);
    }

    [Fact]
    public void Streams_and_errors_are_escaped_and_lose_their_terminal_colours()
    {
        var html = OutputHtml.Render(
        [
            new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "\u001b[31mred\u001b[0m <script>" },
            new JsonObject { ["output_type"] = "error", ["ename"] = "E", ["evalue"] = "<img>", ["traceback"] = new JsonArray("E: <img>", "line 1") },
        ]);
        Assert.Contains("red &lt;script&gt;", html);
        Assert.Contains("&lt;img&gt;", html);
        Assert.DoesNotContain("\u001b", html);
        Assert.DoesNotContain("<script>", html);
    }
}
