using Attn.Theory.EntropyBounds;
using static TorchSharp.torch;

namespace Theory.Tests.EntropyBounds;

/// <summary>The bound against rows that are made to break it.</summary>
public class WorstRowTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(3, 0.5)]
    [InlineData(3, 8)]
    [InlineData(5, 2)]
    [InlineData(9, 4)]
    [InlineData(33, 6)]
    public void Gradient_steps_come_up_to_the_bound_and_not_below(int tokens, double sigma)
    {
        using var scope = NewDisposeScope();
        var (margin, row) = WorstRow.Search(tokens, sigma, EntropyBound.Lower(tokens, sigma));
        output.WriteLine($"T = {tokens}, σ = {sigma}: worst margin {margin:E2} nats");
        Assert.InRange(margin, -1e-12, 1e-7);
        Assert.Equal(sigma, linalg.vector_norm(row).item<double>(), 1e-10);
        Assert.True(row.sort(descending: true).Values.allclose(EntropyBound.TightRow(tokens, sigma), 1e-2, 1e-3 * sigma));
    }

    [Fact]
    public void A_bound_that_is_too_high_is_broken()
    {
        using var scope = NewDisposeScope();
        var (margin, _) = WorstRow.Search(8, 5, EntropyBound.Lower(8, 5 * Math.Sqrt(7.0 / 8)));
        Assert.InRange(margin, -0.07, -0.06);
    }
}
