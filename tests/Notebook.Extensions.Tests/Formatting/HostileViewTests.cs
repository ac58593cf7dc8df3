using AngleSharp.Html.Parser;
using Attn.Kernels;
using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace Attn.Notebook.Tests.Formatting;

/// <summary>Text from users reaches a page as text: no element, attribute or script of theirs comes into being.</summary>
public class HostileViewTests
{
    private const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u0001\ud800 </textarea></svg></title>";

    private static readonly Dictionary<string, Func<object>> Values = new()
    {
        ["lines"] = () => Charts.Lines(Hostile, Hostile, Hostile, [new(Hostile, [1, 2]), new(Hostile, [2, 1])], verticals: [(Hostile, 1)]),
        ["bars"] = () => Charts.Bars(Hostile, Hostile, [(Hostile, 1), ("b", 2)]),
        ["heat map"] = () => Charts.HeatMap(Hostile, Hostile, Hostile, new double[,] { { 1, 2 } }, [Hostile, "b"], [Hostile]),
        ["slider"] = () => Charts.Slider(Hostile, Hostile, [(Hostile, Charts.Bars("t", "y", [("a", 1)]))]),
        ["pie"] = () => Plotly.NET.CSharp.Chart.Pie<double, string, string>([1.0], Labels: new[] { Hostile }),
        ["frame"] = () => new DataFrame(new StringDataFrameColumn(Hostile, [Hostile])),
        ["pattern"] = () => new AttentionPattern(ones(1, 1), [Hostile], [Hostile]),
        ["exception"] = () => new InvalidOperationException(Hostile, new ArgumentException(Hostile)),
        ["latex"] = () => Latex.Of(Hostile + @"\text{" + Hostile + @"}\" + Hostile),
        ["mechanism"] = () => Row,
        ["mechanisms"] = () => new List<AttentionMechanism> { Row },
        ["object"] = () => new { Text = Hostile },
        ["list"] = () => new List<string> { Hostile },
    };

    public static TheoryData<string> Names => [.. Values.Keys];

    private static AttentionMechanism Row
    {
        get
        {
            var form = new AttentionForm(Hostile, inputs => new(inputs.V), AttentionPatterns.All);
            return new()
            {
                Id = Hostile,
                Name = Hostile,
                Source = Hostile,
                Family = Hostile,
                Summary = Hostile,
                Equation = Hostile,
                Patterns = AttentionPatterns.All,
                Reference = form,
                Forms = [form],
                Cost = (_, _) => new(1, 1, 1),
                Extras = [new(Hostile, Hostile, (_, _, _) => zeros(1))],
            };
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_markup_of_a_users_text_comes_into_being(string name)
    {
        var bundle = MimeBundles.Of(Values[name]());
        var page = new HtmlParser().ParseDocument($"<!doctype html><body>{bundle.Data["text/html"]}");
        Assert.Empty(page.QuerySelectorAll("[onerror]"));
        Assert.DoesNotContain(page.Images, image => image.GetAttribute("src") is "x");
        Assert.DoesNotContain(page.Scripts, script => script.TextContent.Trim().StartsWith("alert", StringComparison.Ordinal));
        Assert.NotEqual("", bundle.Data["text/plain"]);
        Assert.DoesNotContain(page.QuerySelectorAll("*"), element => element.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.Ordinal)));
    }
}
