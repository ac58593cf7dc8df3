using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Attn.Notebook;
using Attn.Tests;

namespace Attn.Notebooks.Tests;

/// <summary>Every notebook, run at Smoke by the program and looked at in a browser.</summary>
public class NotebookRunTests
{
    [Theory]
    [MemberData(nameof(NotebookFiles.All), MemberType = typeof(NotebookFiles))]
    public void It_runs_and_its_claims_hold_or_say_what_was_tried(string name)
    {
        var pages = Pages(name);
        var (code, output, error) = AttnProgram.Run("verify", Path.GetFileNameWithoutExtension(name), "--scale", "smoke", "--out", pages);
        Assert.True(code is 0 or 1, $"attn verify {name} ended with {code}:\n{output}\n{error}");

        var result = JsonNode.Parse(File.ReadAllText(Path.Combine(pages, "verify.json")))!["notebooks"]![0]!;
        var claims = ((JsonArray)result["claims"]!).Select(claim => ClaimRecord.FromJson(claim!)).ToArray();
        Assert.NotEmpty(claims);
        Assert.True(TorchSharp.torch.cuda.is_available() || claims.All(claim => claim.Kind != ClaimKind.Gpu || claim.Status == ClaimStatus.NotRun), "a GPU claim ran without a GPU");
        // What does not reproduce is a finding when the notebook says what was tried, and a regression when it does not.
        var failed = claims.Where(claim => claim.Status == ClaimStatus.DoesNotHold).ToArray();
        Assert.True(failed.All(claim => !string.IsNullOrWhiteSpace(claim.Tried)), $"a claim of {name} does not hold:\n{output}\n{error}");
        Assert.Equal(failed.Length == 0 ? 0 : 1, code);
        Assert.All(claims.Where(claim => claim.Status != ClaimStatus.NotRun), claim => Assert.True(
            claim.Checks.Count > 0 && (claim.Controls.Count > 0 || claim.NoControl is not null), $"{claim.Id} has no check or no control"));
        Assert.Empty((JsonArray)result["failures"]!);
        if (Chromium.Location is not null)
            LookAt(Path.Combine(pages, Path.ChangeExtension(name, ".html")));
    }

    [Fact]
    public void There_is_a_browser_to_look_at_the_pages() => Assert.SkipWhen(Chromium.Location is null, "no Chromium on this machine: pages were not looked at");

    /// <summary>With the network off: equations are set, a chart is alive, the claims stand in a table, and the console is silent.</summary>
    private static void LookAt(string page)
    {
        var (dom, console) = Chromium.Open(page);
        var document = new HtmlParser().ParseDocument(dom);
        Assert.NotEmpty(document.QuerySelectorAll("math"));
        Assert.NotEmpty(document.QuerySelectorAll(".js-plotly-plot .main-svg"));
        Assert.NotEmpty(document.QuerySelectorAll("table.attn-claims tbody tr"));
        Assert.DoesNotContain(":CONSOLE", console, StringComparison.Ordinal);
        Assert.DoesNotContain(document.QuerySelectorAll("[src],link[href]"), element => (element.GetAttribute("src") ?? element.GetAttribute("href"))! is var source
            && !source.StartsWith("data:", StringComparison.Ordinal) && source.Contains("//", StringComparison.Ordinal));

        foreach (var (kind, width) in (IEnumerable<(string, int)>)[("wide", 1200), ("phone", 400)])
        {
            var picture = Path.ChangeExtension(page, $".{kind}.png");
            Chromium.Photograph(page, picture, width, 4000);
            Assert.True(new FileInfo(picture).Length > 20_000, $"{picture} is nearly empty");
        }
    }

    // Kept beside the test program, for people to look at.
    private static string Pages(string name) => Path.Combine(AppContext.BaseDirectory, "pages", Path.GetFileNameWithoutExtension(name));
}
