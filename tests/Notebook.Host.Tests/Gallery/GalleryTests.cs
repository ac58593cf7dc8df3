using System.Text.RegularExpressions;
using Attn.Host.Tests.Jupyter;
using Attn.Tests;

namespace Attn.Host.Tests.Gallery;

/// <summary><c>attn gallery</c> as a user runs it, and its index in a real browser.</summary>
public sealed class GalleryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GalleryTests()
    {
        NotebookFile.Write(_folder, "73-flash-attention.ipynb", "# Exact & fast\n\n*A paper*, [arXiv 2205.14135](https://arxiv.org/abs/2205.14135)",
            """Charts.Lines("Loss", "step", "nats", [new("a", [3, 2, 1])])""",
            """Claim.Exact("C1", "One is <one>").Check("|1 − 1|", 0, Criterion.AtMost(0)).Control("two", 1, Criterion.Above(0.5))""");
        NotebookFile.Write(_folder, "98-proof.ipynb", "# A proof", """Claim.Exact("C1", "One is two").Check("|1 − 2|", 1, Criterion.AtMost(0)).NoControl("an example")""");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_index_shows_families_figures_and_claims_and_finds_them_without_a_network()
    {
        var cancellation = TestContext.Current.CancellationToken;
        // A claim that does not hold is a finding, and no failure of the site.
        Assert.Equal(0, Gallery("--notebooks", _folder.Location).Code);
        var index = _folder["site/index.html"];
        var html = await File.ReadAllTextAsync(index, cancellation);
        Assert.Equal(["Softmax", "Theory", "Claims"], All("<h2>(.*?)</h2>", html));
        Assert.Equal(["73-flash-attention.html", "98-proof.html"], All("<h3><a href=\"(.*?)\"", html));
        Assert.All(All("<h3><a href=\"(.*?)\"", html), page => Assert.True(File.Exists(_folder["site/" + page])));
        Assert.Equal(["Loss"], All("<svg [^>]*><title>(.*?)</title>", html).Take(1));
        Assert.Equal(["98"], All("<span>(\\d+)</span></a>", html));
        Assert.Equal(["One is &lt;one&gt;", "One is two"], All("</td><td>([^<]*)</td>", html));
        Assert.DoesNotMatch("<(script|img|iframe)[^>]* src=|<link ", html);

        Assert.SkipWhen(Chromium.Location is null, "no Chromium on this machine: the index was not looked at");
        await using var browser = await Browser.OpenAsync("file://" + index, cancellation);
        await browser.WaitAsync("document.readyState === 'complete' && document.querySelectorAll('.card').length === 2", cancellation);
        async Task<string> Shown(string words) => (await browser.EvaluateAsync(
            $"(function () {{ var s = document.getElementById('search'); s.value = '{words}'; s.dispatchEvent(new Event('input')); "
            + "return Array.from(document.querySelectorAll('.card:not([hidden]) h3')).map(h => h.textContent).join('|') + ' / ' + "
            + "Array.from(document.querySelectorAll('.group:not([hidden]) h2')).map(h => h.textContent).join('|'); })()", cancellation))!.ToString();
        Assert.Equal("Exact & fast / Softmax|Claims", await Shown("FLASH one"));
        Assert.Equal("A proof / Theory|Claims", await Shown("is two"));
        Assert.Equal(" / ", await Shown("nothing like it"));
        Assert.Equal("Exact & fast|A proof / Softmax|Theory|Claims", await Shown(""));
        Assert.Equal("0", (await browser.EvaluateAsync("document.documentElement.scrollWidth - document.documentElement.clientWidth", cancellation))!.ToString());
    }

    [Fact]
    public void Pages_of_notebooks_that_were_run_are_taken_as_they_are()
    {
        Assert.Equal(0, AttnProgram.Run("run", _folder["73-flash-attention.ipynb"], "--out", _folder["run/73"]).Code);
        File.AppendAllText(_folder["run/73/73-flash-attention.html"], "<!-- kept -->");
        Assert.Equal(0, Gallery("--executed", _folder["run"]).Code);
        Assert.EndsWith("<!-- kept -->", File.ReadAllText(_folder["site/73-flash-attention.html"]));
        Assert.Contains("One is &lt;one&gt;", File.ReadAllText(_folder["site/index.html"]));
        Assert.Equal(2, Gallery("--executed", _folder["site"]).Code); // Pages alone are not enough.
    }

    private static string[] All(string pattern, string html) => [.. Regex.Matches(html, pattern).Select(match => match.Groups[1].Value)];

    private (int Code, string Out, string Error) Gallery(params string[] arguments) => AttnProgram.Run(["gallery", .. arguments, "--out", _folder["site"]]);
}
