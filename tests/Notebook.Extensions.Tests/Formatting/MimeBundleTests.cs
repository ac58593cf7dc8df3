using Microsoft.DotNet.Interactive.Formatting;

namespace Attn.Notebook.Tests.Formatting;

public class MimeBundleTests
{
    [Theory]
    [InlineData(null, "null")]
    [InlineData("a <b>", "a <b>")]
    [InlineData(true, "true")]
    [InlineData(0.1, "0.1")]
    [InlineData(3, "3")]
    [InlineData('x', "x")]
    [InlineData(DayOfWeek.Monday, "Monday")]
    public void Simple_values_are_plain_text_alone(object? value, string text)
    {
        var bundle = MimeBundles.Of(value);
        Assert.Equal(text, bundle.Data["text/plain"]);
        Assert.Single(bundle.Data);
    }

    [Fact]
    public void Huge_text_is_cut_with_a_note()
    {
        var text = (string)MimeBundles.Of(new string('x', 100_000_000)).Data["text/plain"];
        Assert.InRange(text.Length, MimeBundles.MaxText, MimeBundles.MaxText + 200);
        Assert.EndsWith("99,800,000 more characters of 100,000,000 are not shown", text);
    }

    [Fact]
    public void A_huge_view_keeps_its_text_and_says_what_is_left_out()
    {
        var bundle = MimeBundles.Of(new HugeView());
        Assert.False(bundle.Data.ContainsKey("text/html"));
        Assert.Equal("small\n(left out, too long for a notebook: text/html)", bundle.Data["text/plain"]);
    }

    [Fact]
    public void A_view_that_throws_falls_back_to_text_and_names_the_failure()
    {
        var text = (string)MimeBundles.Of(new BrokenView()).Data["text/plain"];
        Assert.Equal("I am broken\n(the formatter of BrokenView failed: DivideByZeroException: on purpose)", text);
    }

    [Fact]
    public void A_registered_formatter_that_throws_leaves_the_others()
    {
        Formatter.Register<WithFormatter>((_, _) => throw new InvalidOperationException("no html today"), "text/html");
        Formatter.Register<WithFormatter>(_ => "fine", "text/plain");
        var bundle = MimeBundles.Of(new WithFormatter());
        Assert.Equal("fine\n(the formatter of WithFormatter failed: InvalidOperationException: no html today)", bundle.Data["text/plain"]);
        Assert.False(bundle.Data.ContainsKey("text/html"));
    }

    [Fact]
    public void A_formatter_that_never_ends_is_stopped()
    {
        Formatter.Register<Endless>((_, writer) => { while (true) writer.Write("and on "); }, "text/html");
        var bundle = MimeBundles.Of(new Endless());
        Assert.False(bundle.Data.ContainsKey("text/html"));
        Assert.Contains("text/html is longer than a notebook can hold", (string)bundle.Data["text/plain"]);
    }

    [Fact]
    public void A_value_whose_ToString_throws_is_shown_by_its_type()
    {
        Assert.Contains(nameof(BrokenText), (string)MimeBundles.Of(new BrokenText()).Data["text/plain"]);
    }

    [Fact]
    public void Endless_collections_are_bounded()
    {
        static IEnumerable<int> Count()
        {
            for (var i = 0; ; i++)
                yield return i;
        }

        var bundle = MimeBundles.Of(Enumerable.Range(0, 10_000_000).ToList());
        Assert.InRange(((string)bundle.Data["text/plain"]).Length, 20, 2000);
        Assert.InRange(((string)MimeBundles.Of(Count().Take(100_000)).Data["text/plain"]).Length, 20, 2000);
    }

    [Fact]
    public void A_users_formatter_comes_before_ours()
    {
        AttnFormatters.Register();
        Assert.Contains("attn-error", (string)MimeBundles.Of(new OwnException()).Data["text/html"]);
        Formatter.Register<OwnException>(_ => "<b>mine</b>", "text/html");
        Assert.Equal("<b>mine</b>", (string)MimeBundles.Of(new OwnException()).Data["text/html"]);
    }

    [Fact]
    public void Content_is_text_except_for_json_types()
    {
        Assert.All(MimeBundles.Of(new { A = 1 }).Data.Values, content => Assert.IsType<string>(content));
        Formatter.Register<WithJson>(_ => "{\"a\":[1]}", "application/x+json");
        Formatter.SetPreferredMimeTypesFor(typeof(WithJson), "application/x+json");
        var json = Assert.IsAssignableFrom<System.Text.Json.Nodes.JsonNode>(MimeBundles.Of(new WithJson()).Data["application/x+json"]);
        Assert.Equal(1, (int)json["a"]![0]!);
    }

    [Fact]
    public void Views_serve_a_host_that_formats_by_the_registry_alone()
    {
        AttnFormatters.Register();
        AttnFormatters.Register();
        Assert.Contains("<math", Latex.Of("x").ToDisplayString("text/html"));
        Assert.Contains("attn-error", new TimeoutException("late").ToDisplayString("text/html"));
        using var tensor = TorchSharp.torch.ones(2, 3);
        Assert.Contains("[2, 3]", tensor.ToDisplayString("text/html"));
        Assert.Contains("attn-chart", Charts.Bars("t", "y", [("a", 1)]).ToDisplayString("text/html"));
    }

    private sealed class HugeView : INotebookView
    {
        public MimeBundle ToMimeBundle() => MimeBundle.Html(new string('x', MimeBundles.MaxRich + 1), "small");
    }

    private sealed class BrokenView : INotebookView
    {
        public MimeBundle ToMimeBundle() => throw new DivideByZeroException("on purpose");

        public override string ToString() => "I am broken";
    }

    private sealed class BrokenText
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed class WithFormatter;

    private sealed class Endless;

    private sealed class WithJson;

    private sealed class OwnException : Exception;
}
