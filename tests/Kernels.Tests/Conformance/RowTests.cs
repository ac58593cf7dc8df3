using System.Text.RegularExpressions;
using Attn.Tests;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Every row says all that the rest of the toolkit derives from it.</summary>
public partial class RowTests
{
    private static readonly AttentionPatterns[] Patterns =
        [AttentionPatterns.NoncausalSelf, AttentionPatterns.CausalSelf, AttentionPatterns.NoncausalCross, AttentionPatterns.CausalCross];

    public static TheoryData<string> Ids => [.. Catalog.Rows.Select(row => row.Id)];

    [Fact]
    public void Ids_and_names_are_unique_and_rows_in_order_of_family_and_id()
    {
        Assert.Distinct(Catalog.Rows.Select(row => row.Id));
        Assert.Distinct(Catalog.Rows.Select(row => row.Name));
        Assert.Equal(Catalog.Rows.OrderBy(row => row.Family, StringComparer.Ordinal).ThenBy(row => row.Id, StringComparer.Ordinal), Catalog.Rows);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Ids_and_form_names_are_lower_case_with_hyphens(string id)
    {
        var row = Catalog.Find(id);
        Assert.All(row.Forms.Select(form => form.Name).Append(id).Append(row.Family), name => Assert.Matches(Hyphenated(), name));
        Assert.Distinct(row.Forms.Select(form => form.Name));
        Assert.All(row.Extras.Select(extra => extra.Name), name => Assert.Matches(CamelCase(), name));
        Assert.Distinct(row.Extras.Select(extra => extra.Name).Concat(["q", "k", "v", "initialState"]));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Texts_are_whole(string id)
    {
        var row = Catalog.Find(id);
        Assert.Matches(Sentence(), row.Summary);
        Assert.Matches(Cited(), row.Source);
        Assert.NotEmpty(row.Equation);
        Assert.DoesNotContain("$", row.Equation, StringComparison.Ordinal);
        Assert.Equal(row.Equation.Count(c => c == '{'), row.Equation.Count(c => c == '}'));
        Assert.All(row.Extras.Concat(row.State is null ? [] : [row.State]), extra => Assert.Matches(Meaning(), extra.Meaning));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_reference_and_some_form_serve_each_pattern_of_the_row(string id)
    {
        var row = Catalog.Find(id);
        Assert.NotEqual(AttentionPatterns.None, row.Patterns);
        foreach (var pattern in Patterns.Where(pattern => row.Patterns.HasFlag(pattern)))
        {
            Assert.True(row.Reference.Patterns.HasFlag(pattern), $"the reference lacks {pattern}");
            Assert.Contains(row.Forms, form => form.Patterns.HasFlag(pattern));
        }
        Assert.All(row.Forms, form => Assert.Equal(form.Patterns, form.Patterns & row.Patterns));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_form_named_for_its_blocks_runs_in_blocks_of_any_size(string id) =>
        Assert.All(Catalog.Find(id).Forms.Where(form => BlockName().IsMatch(form.Name)), form => Assert.True(form.RunInBlocks is not null, form.Name));

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_row_has_an_attention_matrix_or_says_why_not(string id)
    {
        var row = Catalog.Find(id);
        Assert.NotEqual(row.Weights is null, row.NoWeights is null);
        if (row.NoWeights is { } reason)
            Assert.Matches(Sentence(), reason);
        if (row.CutsKeys is { } cut)
            Assert.Matches(Sentence(), cut);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_papers_notebook_exists_or_the_row_says_why_not(string id)
    {
        var row = Catalog.Find(id);
        if (row.Paper is not { } paper)
        {
            Assert.Null(row.NoNotebook);
            return;
        }
        Assert.Matches(Slug(), paper);
        Assert.NotEqual(File.Exists(Path.Combine(AttnProgram.Repository, "notebooks", $"{paper}.ipynb")), row.NoNotebook is not null);
        if (row.NoNotebook is { } reason)
            Assert.Matches(Sentence(), reason);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Ranges_are_not_empty_and_samples_lie_in_them(string id)
    {
        var row = Catalog.Find(id);
        var shape = new AttentionShape(2, 3, 17, 17, 6, 5);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var inputs = AttentionInputs.Random(row, shape, seed: 3, TorchSharp.torch.ScalarType.Float64);
        Assert.All(row.Extras, extra =>
        {
            Assert.True(extra.Least < extra.Most, extra.Name);
            var values = inputs.Tensor(extra.Name);
            Assert.InRange(values.min().item<double>(), extra.Least, extra.Most);
            Assert.InRange(values.max().item<double>(), extra.Least, extra.Most);
            Assert.True(values.std().item<double>() > 0, $"{extra.Name} is constant");
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_form_asked_for_by_name_is_given_and_a_wrong_name_is_answered_with_those_there_are(string id)
    {
        var row = Catalog.Find(id);
        Assert.Same(row.Forms[0], row.Form());
        Assert.All(row.Forms, form => Assert.Same(form, row.Form(form.Name)));
        var thrown = Assert.Throws<ArgumentException>(() => row.Form("no-such-form"));
        Assert.All(row.Forms, form => Assert.Contains(form.Name, thrown.Message, StringComparison.Ordinal));
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Hyphenated();

    [GeneratedRegex("^[a-z][a-zA-Z0-9]*$")]
    private static partial Regex CamelCase();

    [GeneratedRegex(@"^[A-Z].{20,}\.$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^\d\d-[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Slug();

    [GeneratedRegex(@"(19|20)\d\d")]
    private static partial Regex Cited();

    [GeneratedRegex(@"^\[.+\].*: .+")]
    private static partial Regex Meaning();

    [GeneratedRegex("^(chunk|tile|block)")]
    private static partial Regex BlockName();
}
