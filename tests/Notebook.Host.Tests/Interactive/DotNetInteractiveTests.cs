using System.Text.Json.Nodes;
using Attn.Host.Tests.Jupyter;
using Attn.Host.Tests.Session;
using Attn.Kernels;
using Attn.Notebook;
using Attn.Tests;

namespace Attn.Host.Tests.Interactive;

/// <summary>Attn in the real .NET Interactive, over Debian's Jupyter: packed, loaded by one cell, and a notebook run there unchanged.</summary>
[Collection(SessionCollection.Name)]
public sealed class DotNetInteractiveTests
{
    [Fact]
    public void It_loads_there_and_a_notebook_runs_unchanged()
    {
        DebianJupyter.Need("jupyter_client");
        Assert.SkipWhen(DotNetInteractive.Location is null, "not run: the tool Microsoft.dotnet-interactive cannot be had here");
        using var jupyter = new DebianJupyter();
        var (code, output, error) = AttnProgram.Run("pack", "--out", jupyter.Folder["feed"]);
        Assert.True(code == 0, output + error);
        var notebook = Path.Combine(AttnProgram.Repository, "notebooks/00-start-here.ipynb");
        var seen = DotNetInteractive.Run(jupyter, Path.Combine(AttnProgram.Repository, "tests/Notebook.Host.Tests/Interactive/interactive.py"), jupyter.Folder["feed"], notebook);

        // Loading says what .NET Interactive says of it, and nothing of its own.
        Assert.All(Kinds(seen["load"]!), kind => Assert.Contains(kind, (string[])["display_data", "update_display_data"]));
        Assert.Equal("4\n", Text(seen["tensors"]!));
        Assert.StartsWith("softmax sdpa", Text(seen["out"]!), StringComparison.Ordinal);
        Assert.Equal("16\n", Text(seen["gated"]!));
        Assert.Equal("""[["error","attn: --q: no variable \u0027qq\u0027; did you mean \u0027q\u0027?"]]""", seen["wrong"]!.ToJsonString());
        Assert.Contains("--seq", Text(seen["help"]!), StringComparison.Ordinal);
        Assert.Equal([.. AttnCommand.CreateVerbs(null, TextWriter.Null).Select(verb => verb.Name), "help"], Words(seen["verbs"]!));
        Assert.Superset(Catalog.Rows.Select(row => row.Id).ToHashSet(), Words(seen["ids"]!).ToHashSet());
        Assert.Superset(new HashSet<string> { "q", "k", "v" }, Words(seen["variables"]!).ToHashSet());

        var progress = seen["progress"]!.AsArray().Select(entry => (Kind: entry![0]!.ToString(), Id: entry[2]!.ToString())).ToArray();
        Assert.Equal("display_data", progress[0].Kind);
        Assert.All(progress[1..], update => Assert.Equal(("update_display_data", progress[0].Id), update));
        Assert.Contains("update_display_data", Kinds(seen["progress"]!));

        var cells = seen["notebook"]!.AsArray().Select(cell => (Id: cell![0]!.ToString(), Outputs: cell[1]!)).ToArray();
        Assert.All(cells, cell => Assert.True(!Kinds(cell.Outputs).Any(kind => kind is "error" or "stderr"), $"{cell.Id}: {cell.Outputs.ToJsonString()}"));
        Assert.Contains("attn-claims", cells.Single(cell => cell.Id == "report").Outputs.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("attn-chart", cells.Single(cell => cell.Id == "try-slider").Outputs.ToJsonString(), StringComparison.Ordinal);
        // A string where a front end expects JSON would be drawn by none.
        Assert.DoesNotContain(cells.SelectMany(cell => cell.Outputs.AsArray()).Where(entry => entry![1] is JsonObject).SelectMany(entry => entry![1]!.AsObject()), content => content.Key.EndsWith("json", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Kinds(JsonNode outputs) => outputs.AsArray().Select(entry => entry![0]!.ToString());

    private static string Text(JsonNode outputs) => string.Concat(outputs.AsArray().Where(entry => entry![0]!.ToString() == "stdout").Select(entry => entry![1]!.ToString()));

    private static IEnumerable<string> Words(JsonNode words) => words.AsArray().Select(word => word!.ToString());
}
