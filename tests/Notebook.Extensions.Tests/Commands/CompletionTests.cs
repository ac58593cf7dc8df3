using Attn.Kernels;

namespace Attn.Notebook.Tests.Commands;

/// <summary>What may stand at a place of a <c>#!attn</c> line.</summary>
public sealed class CompletionTests
{
    private readonly RecordingHost _host = new();

    [Theory]
    [InlineData("#!attn ", "list", 7)]
    [InlineData("#!attn sh", "show", 7)]
    [InlineData("#!attn show gat", "gated-linear", 12)]
    [InlineData("#!attn run softmax --ca", "--causal", 19)]
    [InlineData("#!attn list --family lin", "linear", 21)]
    [InlineData("#!attn run softmax --q que", "queries", 23)]
    [InlineData("#!attn run softmax --q=que", "queries", 23)]
    public void It_completes_verbs_ids_options_and_variables(string line, string expected, int start)
    {
        _host.Variables["queries"] = 1;
        var found = AttnCommand.Complete(line, line.Length, _host);
        Assert.Contains(found, item => item.Text == expected && item.Start == start && item.End == line.Length);
    }

    [Fact]
    public void Every_id_is_offered() =>
        Assert.Superset(Catalog.Rows.Select(row => row.Id).ToHashSet(), AttnCommand.Complete("#!attn show ", 12, _host).Select(item => item.Text).ToHashSet());

    [Fact]
    public void What_stands_after_the_cursor_does_not_matter() =>
        Assert.Contains(AttnCommand.Complete("#!attn sh gated-linear", 9, _host), item => item.Text == "show");

    [Theory]
    [InlineData("#!attn", 3)]
    [InlineData("#!attn show softmax zzz", 23)]
    public void Where_nothing_fits_nothing_is_offered(string line, int cursor) => Assert.Empty(AttnCommand.Complete(line, cursor, _host));
}
