using Attn.Kernels;
using Attn.Tests;

namespace Attn.Experiments.Tests.Benchmarks;

/// <summary>No mechanism's time grows faster with the tokens than its row's formula says.</summary>
[Collection(AloneCollection.Name)]
public class GrowthTests(ITestOutputHelper output)
{
    /// <summary>Half a power: what tells linear from quadratic, with as much room for caches and a loaded machine.</summary>
    private const double Tolerance = 0.5;

    /// <summary>Looks at most: what else a machine does may fall on the long calls of one, but not of all.</summary>
    private const int Looks = 3;

    private static readonly int[] Lengths = [256, 512, 1024];

    // For matrices of T × T, so that what a call makes fits into one of glibc's heaps, 64 MiB of a thread: a second one comes and goes with every call,
    // which then takes two to three times as long.
    private static readonly int[] ShorterLengths = [192, 384, 768];
    private static readonly AttentionShape Shape = AttentionShape.Self(1, 1, 1, 16);

    public static TheoryData<string> Ids => [.. Catalog.Rows.Select(row => row.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Time_grows_no_faster_than_the_formula_says(string id)
    {
        var looks = Enumerable.Range(0, Looks).Select(_ => Of(id)).TakeWhile(TooFast).ToArray();
        Assert.True(looks.Length < Looks, $"{id}: time ∝ T^p, p = {string.Join(", ", looks.Select(look => $"{look.Measured:0.00} where the formula says {look.Expected:0.00}"))}");
    }

    [Fact]
    public void A_quadratic_form_of_a_linear_row_is_seen()
    {
        // Long enough that the T × T part outweighs what a call costs anyway, on a loaded machine too.
        var growth = Of("lightning", "parallel", [1024, 2048, 4096]);
        Assert.Equal(1, growth.Expected, 0.05);
        Assert.True(TooFast(growth), $"time ∝ T^{growth.Measured:0.00}");
    }

    private static bool TooFast(Growth growth) => growth.Measured > growth.Expected + Tolerance;

    private Growth Of(string id, string? form = null, int[]? lengths = null)
    {
        var row = Catalog.Find(id);
        double Flops(int length) => row.Cost(Shape with { QueryLength = length, KeyLength = length }, true).Flops;
        var growth = Growth.Of(row, row.Form(form), lengths ?? (Flops(1024) > 8 * Flops(256) ? ShorterLengths : Lengths), Shape);
        output.WriteLine($"{id}: time ∝ T^{growth.Measured:0.00}, by its formula ∝ T^{growth.Expected:0.00}");
        return growth;
    }
}
