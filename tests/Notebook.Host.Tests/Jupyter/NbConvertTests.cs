using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Attn.Host.Tests.Session;
using Attn.Tests;

namespace Attn.Host.Tests.Jupyter;

/// <summary>A notebook gives the same outputs under Jupyter as under <c>attn run</c>.</summary>
[Collection(SessionCollection.Name)]
public sealed partial class NbConvertTests
{
    private static readonly string[] Cells =
    [
        "// parameters\nvar scale = \"smoke\"; var seed = 1;",
        "Console.WriteLine(scale); Console.WriteLine(\"<b>&</b>\"); Console.Error.WriteLine(\"to the other stream\");",
        "var shown = display(\"first\"); Console.WriteLine(\"between\"); display(torch.eye(3)); shown.Update($\"last {seed}\");",
        "#!attn list",
        "Charts.Lines(\"A line\", \"x\", \"y\", [new Series(\"one\", [0, 1, 2], [1, 4, 9])])",
        "Claim.Exact(\"C1\", \"One is less than two\").Check(\"difference\", 1, Criterion.Below(2)).NoControl(\"none needed\")",
        "new[] { 1, 2, 3 }.Select(x => x * x)",
        "int Half(int x) => x / 2;\nHalf(42)",
        "throw new InvalidOperationException(\"so it goes\");",
    ];

    [Fact]
    public void Of_every_kind()
    {
        DebianJupyter.Need("jupyter_client", "nbconvert");
        using var jupyter = new DebianJupyter();
        var notebook = NotebookFile.Write(jupyter.Folder, "kinds.ipynb", Cells);
        Compare(jupyter, notebook, AttnProgram.Run("run", notebook, "--out", jupyter.Folder["out"]), expectedCode: 1);
    }

    [Fact]
    public void Of_a_paper()
    {
        DebianJupyter.Need("jupyter_client", "nbconvert");
        using var jupyter = new DebianJupyter();
        var notebook = jupyter.Folder["59-scan-and-snap.ipynb"];
        var text = File.ReadAllText(Path.Combine(AttnProgram.Repository, "notebooks/59-scan-and-snap.ipynb"));
        const string Laptop = "var scale = \\\"laptop\\\"";
        Assert.Contains(Laptop, text);
        File.WriteAllText(notebook, text.Replace(Laptop, "var scale = \\\"smoke\\\"", StringComparison.Ordinal));
        // Some of its claims do not hold, which 'attn run' says by its exit code.
        Compare(jupyter, notebook, AttnProgram.Run("run", notebook, "--out", jupyter.Folder["out"]), expectedCode: 1);
    }

    private static void Compare(DebianJupyter jupyter, string notebook, (int Code, string Out, string Error) ours, int expectedCode)
    {
        Assert.True(ours.Code == expectedCode, ours.Out + ours.Error);
        var name = Path.GetFileName(notebook);
        var (code, output, error) = jupyter.Run(
            DebianJupyter.Jupyter, "nbconvert", "--to", "notebook", "--execute", "--allow-errors", notebook, "--output-dir", jupyter.Folder["theirs"], "--output", name);
        Assert.True(code == 0, output + error);
        var run = Outputs(jupyter.Folder[$"out/{name}"]);
        var converted = Outputs(jupyter.Folder[$"theirs/{name}"]);
        Assert.NotEmpty(run[^1]); // The run came to the notebook's end.
        Assert.Equal(run.Length, converted.Length);
        for (var cell = 0; cell < run.Length; cell++)
            Assert.Equal(run[cell], converted[cell]);
    }

    /// <summary>The outputs of each code cell, one line an output: its type, its text, and its MIME types.</summary>
    private static string[][] Outputs(string executed) =>
    [
        .. ((JsonArray)JsonNode.Parse(File.ReadAllText(executed))!["cells"]!)
            .Where(cell => cell!["cell_type"]!.ToString() == "code")
            .Select(cell => Joined((JsonArray)cell!["outputs"]!).ToArray()),
    ];

    // Neighbours of one stream are one stream: how many pieces it comes in is a matter of time.
    private static IEnumerable<string> Joined(JsonArray outputs)
    {
        var (stream, text) = ("", "");
        foreach (var output in outputs.Where(output => !BringsPlotly(output!)))
        {
            var name = output!["name"]?.ToString() ?? "";
            if (name != stream && stream != "")
                yield return $"{stream}: {text}";
            if (name == "")
                yield return Describe(output);
            (text, stream) = ((name == stream ? text : "") + Lines(output["text"]), name);
        }

        if (stream != "")
            yield return $"{stream}: {text}";
    }

    // The page that 'attn run' writes carries plotly.js itself; a notebook of Jupyter's gets it by a display.
    private static bool BringsPlotly(JsonNode output) => Lines(output["data"]?["text/plain"]) == "(plotly.js, for interactive charts)";

    // How long something took, and the last bits of a sum, which hang on where memory lies, differ from run to run under one program too.
    private static string Settled(string text) => Rounding().Replace(Duration().Replace(text, "(time)"), "(rounding)");

    [GeneratedRegex(@"\d+(\.\d+)? (µs|ms|s|min)\b")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\d(\.\d+)?e-1[4-9]\b")]
    private static partial Regex Rounding();

    private static string Describe(JsonNode output) => output["data"] is JsonObject data
        ? $"{output["output_type"]} {string.Join(' ', data.Select(pair => pair.Key).Order(StringComparer.Ordinal))}: {Settled(Lines(data["text/plain"]))}"
        : $"{output["output_type"]}: {output["ename"]} {output["evalue"]} {Lines(output["traceback"])}";

    private static string Lines(JsonNode? text) => text is JsonArray lines ? string.Concat(lines.Select(line => line!.ToString())) : text?.ToString() ?? "";
}
