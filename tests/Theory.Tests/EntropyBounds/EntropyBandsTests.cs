using Attn.Theory.EntropyBounds;
using CsCheck;

namespace Theory.Tests.EntropyBounds;

public class EntropyBandsTests
{
    [Fact]
    public void Every_head_is_in_one_band() => Gen.Double[0, 3].Array[1, 60].Sample(heads =>
    {
        var bands = EntropyBands.Of(heads, heads.Max() + 0.1);
        return Math.Abs(bands.Collapsed + bands.Low + bands.High + bands.Overloaded - 1) < 1e-12;
    });

    [Fact]
    public void Quarters_belong_to_the_outer_bands()
    {
        Assert.Equal(new EntropyBands(0.5, 0.25, 0, 0.25), EntropyBands.Of([0, 1, 2, 3], 4));
        Assert.Equal(new EntropyBands(0, 0.5, 0.25, 0.25), EntropyBands.Of([1.01, 2, 2.99, 5], 4));
        Assert.Equal(0.5, EntropyBands.AtLeast([0.94, 0.95, 1, 0], 1, 0.95));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("entropies: got none", Assert.Throws<ArgumentException>(() => EntropyBands.Of([], 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("entropies: got NaN", Assert.Throws<ArgumentException>(() => EntropyBands.AtLeast([1, double.NaN], 1, 0.5)).Message, StringComparison.Ordinal);
        Assert.StartsWith("maximum: got 0", Assert.Throws<ArgumentException>(() => EntropyBands.Of([1], 0)).Message, StringComparison.Ordinal);
    }
}
