using Attn.Host.Notebooks;
using Attn.Tests;

namespace Attn.Host.Tests.Notebooks;

public sealed class ParameterCellTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_stand_in_a_cell_after_the_declared_ones_typed_as_csharp()
    {
        var notebook = Notebook();
        ParameterCell.Inject(notebook, new Dictionary<string, string> { ["scale"] = "a \"quoted\" text", ["n"] = "3", ["x"] = "2.5", ["on"] = "true" });
        Assert.Equal(["injected-parameters"], notebook.Cells[2].Tags);
        Assert.Equal("// Parameters\nvar scale = \"a \\\"quoted\\\" text\";\nvar n = 3;\nvar x = 2.5d;\nvar on = true;", notebook.Cells[2].Source);
    }

    [Fact]
    public void A_second_run_replaces_the_first_ones_values()
    {
        var notebook = Notebook();
        ParameterCell.Inject(notebook, new Dictionary<string, string> { ["n"] = "1" });
        ParameterCell.Inject(notebook, new Dictionary<string, string> { ["n"] = "2" });
        Assert.Equal(4, notebook.Cells.Count);
        Assert.Contains("var n = 2;", notebook.Cells[2].Source);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_those_there_are()
    {
        var refusal = Assert.Throws<NotebookFormatException>(() => ParameterCell.Inject(Notebook(), new Dictionary<string, string> { ["typo"] = "1" }));
        Assert.Contains("'typo'", refusal.Message);
        Assert.Contains("scale, n, x, on", refusal.Message);
    }

    private NotebookDocument Notebook() => NotebookDocument.Read(NotebookFile.Write(
        _folder, "p.ipynb", "# Title", "// parameters\nvar scale = \"laptop\"; int n = 0;\ndouble x = 1; var on = false;", "n"));
}
