using Attn.Host.Jupyter;

namespace Attn.Host.Tests.Jupyter;

public class CodePointsTests
{
    [Theory]
    [InlineData("abc", 2, 2)]
    [InlineData("π𝜋a", 2, 3)]
    [InlineData("😀😀x", 2, 4)]
    [InlineData("\ud800x", 1, 1)]
    public void An_index_counts_pairs_once(string text, int points, int index)
    {
        Assert.Equal(index, CodePoints.ToIndex(text, points));
        Assert.Equal(points, CodePoints.FromIndex(text, index));
    }

    [Fact]
    public void A_place_past_the_end_is_the_end() => Assert.Equal(3, CodePoints.ToIndex("abc", 99));
}
