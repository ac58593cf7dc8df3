using Attn.Host.Notebooks;
using Attn.Tests;

namespace Attn.Host.Tests.Notebooks;

public sealed class NotebookDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_known_of_stays()
    {
        var notebook = NotebookDocument.Read(NotebookFile.Write(_folder, "a.ipynb", "# Title", "1+1"));
        Assert.Equal("Title", notebook.Title);
        Assert.Contains("\"kept\": \"as it was\"", notebook.ToText());
        Assert.EndsWith("}\n", notebook.ToText());
    }

    [Theory]
    [InlineData("", "JSON breaks at line 1")]
    [InlineData("{\n \"cells\": [", "JSON breaks at line")]
    [InlineData("[]", "'nbformat'")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}", "nbconvert")]
    [InlineData("{\"nbformat\": 4}", "'cells'")]
    [InlineData("{\"nbformat\": 4, \"cells\": [1]}", "'cells'")]
    [InlineData("{\"nbformat\": 4, \"cells\": [], \"metadata\": {\"kernelspec\": {\"language\": \"python\"}}}", "python, needs C#")]
    public void A_file_that_is_no_notebook_of_ours_is_refused_in_words(string text, string said)
    {
        File.WriteAllText(_folder["bad.ipynb"], text);
        var refusal = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Read(_folder["bad.ipynb"]));
        Assert.Contains(said, refusal.Message);
        Assert.Contains("bad.ipynb", refusal.Message);
    }

    [Fact]
    public void A_missing_file_is_said_to_be_missing() =>
        Assert.Contains("no such file", Assert.Throws<NotebookFormatException>(() => NotebookDocument.Read(_folder["none.ipynb"])).Message);

    [Theory]
    [InlineData("a\nb\n")]
    [InlineData("a\n\nb")]
    [InlineData("")]
    [InlineData("\n")]
    public void Text_survives_being_split_in_lines(string text) => Assert.Equal(text, NotebookText.Join(NotebookText.Split(text)));
}
