using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Attn.Host.Notebooks;
using Attn.Host.Pages;
using Attn.Notebook;

namespace Attn.Notebooks.Tests;

/// <summary>What every notebook file must be, before it is run.</summary>
public partial class NotebookFormTests
{
    private const int Screen = 40;

    [Theory]
    [MemberData(nameof(NotebookFiles.All), MemberType = typeof(NotebookFiles))]
    public void It_is_a_stored_notebook_of_the_common_format(string name)
    {
        var json = NotebookFiles.Json(name);
        Assert.Equal(4, (int)json["nbformat"]!);
        Assert.Equal(5, (int)json["nbformat_minor"]!);
        Assert.Equal(".net-csharp", json["metadata"]!["kernelspec"]!["name"]!.ToString());
        Assert.Equal("C#", json["metadata"]!["language_info"]!["name"]!.ToString());
        var ids = ((JsonArray)json["cells"]!).Select(cell => cell!["id"]!.ToString()).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(NotebookFiles.All), MemberType = typeof(NotebookFiles))]
    public void It_is_stored_without_outputs_and_no_cell_is_longer_than_a_screen(string name)
    {
        foreach (var cell in NotebookFiles.Read(name).Cells.Where(cell => cell.IsCode))
        {
            Assert.Empty(cell.Outputs);
            Assert.True(cell.Source.Split('\n').Length <= Screen, $"a cell of {name} has {cell.Source.Split('\n').Length} lines:\n{cell.Source}");
        }
    }

    [Theory]
    [MemberData(nameof(NotebookFiles.All), MemberType = typeof(NotebookFiles))]
    public void Its_first_code_cell_holds_scale_and_seed(string name)
    {
        var notebook = NotebookFiles.Read(name);
        Assert.Contains("parameters", notebook.Cells.First(cell => cell.IsCode).Tags);
        Assert.Equal(["scale", "seed"], ParameterCell.Names(notebook).Take(2));
    }

    // Its own cell, and after the parameters: .NET Interactive hangs on a cell that loads a magic and uses it, and runners look for the parameters first.
    [Theory]
    [MemberData(nameof(NotebookFiles.All), MemberType = typeof(NotebookFiles))]
    public void Its_second_code_cell_loads_Attn_where_the_kernel_is_not_ours(string name) =>
        Assert.Equal("#r \"nuget: Attn.Notebook\"", NotebookFiles.Read(name).Cells.Where(cell => cell.IsCode).ElementAt(1).Source);

    // What stands in the report's table alone is counted by no one.
    [Theory]
    [MemberData(nameof(NotebookFiles.All), MemberType = typeof(NotebookFiles))]
    public void Every_claim_of_its_report_is_shown_by_itself(string name)
    {
        var sources = NotebookFiles.Read(name).Cells.Where(cell => cell.IsCode).Select(cell => cell.Source.TrimEnd()).ToArray();
        var shown = sources.SelectMany(source => Displayed().Matches(source)).Select(match => match.Groups[1].Value)
            .Concat(sources.Select(source => source.Split('\n')[^1]));
        var reported = sources.Select(source => Reported().Match(source)).Where(match => match.Success)
            .SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries));
        Assert.Empty(reported.Except(shown));
    }

    [GeneratedRegex(@"display\((\w+)\)")]
    private static partial Regex Displayed();

    [GeneratedRegex(@"Claims\.Report\(([^)]*)\)")]
    private static partial Regex Reported();

    [Theory]
    [MemberData(nameof(NotebookFiles.All), MemberType = typeof(NotebookFiles))]
    public void Every_equation_can_be_set(string name)
    {
        var equations = NotebookFiles.Read(name).Cells.Where(cell => cell.IsMarkdown).SelectMany(cell => MarkdownHtml.Equations(cell.Source)).ToArray();
        Assert.NotEmpty(equations);
        Assert.All(equations, equation => Assert.Empty(MathMl.UnknownCommands(equation)));
    }

    [Theory]
    [MemberData(nameof(NotebookFiles.All), MemberType = typeof(NotebookFiles))]
    public void A_papers_notebook_names_its_paper(string name)
    {
        if (!name.StartsWith("00-", StringComparison.Ordinal))
            Assert.Matches(ArXiv(), NotebookFiles.Read(name).Cells[0].Source);
    }

    [GeneratedRegex(@"arxiv\.org/abs/\d{4}\.\d{4,5}")]
    private static partial Regex ArXiv();
}
