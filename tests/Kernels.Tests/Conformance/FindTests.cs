namespace Attn.Kernels.Tests.Conformance;

/// <summary>A mistyped id is answered with what it was meant to be.</summary>
public class FindTests
{
    public static TheoryData<string> Ids => [.. Catalog.Rows.Select(row => row.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_row_is_found_and_suggested_for_its_misspellings(string id)
    {
        Assert.Equal(id, Catalog.Find(id).Id);
        foreach (var typo in new[] { id.ToUpperInvariant(), id[1..], id[..^1], id.Insert(2, "x"), id.Replace('-', '_') + "s", id[..^2] + id[^1] + id[^2] })
        {
            if (Catalog.Rows.Any(row => row.Id == typo))
                continue;
            var thrown = Assert.Throws<ArgumentException>(() => Catalog.Find(typo));
            Assert.Equal("id", thrown.ParamName);
            Assert.StartsWith($"id: got '{typo}', needs ", thrown.Message, StringComparison.Ordinal);
            Assert.Contains(id, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_resembles_nothing_is_answered_with_all_ids()
    {
        foreach (var strange in new[] { "qqqqqqqqqqqqqqqqqqqqqqqqqqqq", "" })
        {
            var thrown = Assert.Throws<ArgumentException>(() => Catalog.Find(strange));
            Assert.All(Catalog.Rows, row => Assert.Contains(row.Id, thrown.Message, StringComparison.Ordinal));
        }
        Assert.Throws<ArgumentNullException>(() => Catalog.Find(null!));
    }
}
