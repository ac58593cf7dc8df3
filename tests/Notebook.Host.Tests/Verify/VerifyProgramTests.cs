using System.Text.Json.Nodes;
using Attn.Tests;

namespace Attn.Host.Tests.Verify;

/// <summary><c>attn verify</c> as a user runs it.</summary>
public sealed class VerifyProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Claims_stand_in_a_table_and_in_json_and_a_false_one_fails()
    {
        NotebookFile.Write(_folder, "01-good.ipynb", "# Good", """Claim.Exact("C1", "One is one").Check("|1 − 1|", 0, Criterion.AtMost(0)).Control("two", 1, Criterion.Above(0.5))""");
        NotebookFile.Write(_folder, "02-bad.ipynb", "# Bad", """Claim.Exact("C1", "One is two").Check("|1 − 2|", 1, Criterion.AtMost(0)).NoControl("an example")""");
        NotebookFile.Write(_folder, "03-gpu.ipynb", "# Gpu", """Claim.Gpu("C1", "Fast").NotRun("no GPU")""");

        var (code, output, _) = Verify();
        Assert.Equal(1, code);
        Assert.Contains("1 holds, 1 does not hold here, 1 not run, 0 failed cells", output);
        Assert.True(output.Split('\n').Where(line => line.Contains("  ", StringComparison.Ordinal)).Max(line => line.Length) <= 125, output);
        var notebooks = (JsonArray)JsonNode.Parse(File.ReadAllText(_folder["out/verify.json"]))!["notebooks"]!;
        Assert.Equal(["holds", "does-not-hold", "not-run"], notebooks.Select(notebook => notebook!["claims"]![0]!["status"]!.ToString()));

        Assert.Equal(0, Verify("1", "03-gpu").Code);
        Assert.Equal(1, Verify("02").Code);
    }

    [Fact]
    public void A_failed_cell_fails_and_an_unknown_paper_is_bad_usage()
    {
        NotebookFile.Write(_folder, "01-throws.ipynb", "throw new Exception(\"x\");");
        Assert.Equal(1, Verify("01").Code);
        var (code, _, error) = Verify("99");
        Assert.Equal(2, code);
        Assert.Contains("01-throws", error);
    }

    private (int Code, string Out, string Error) Verify(params string[] papers) =>
        AttnProgram.Run(["verify", .. papers, "--notebooks", _folder.Location, "--out", _folder["out"]]);
}
