using Attn.Theory.EntropyBounds;
using static TorchSharp.torch;

namespace Theory.Tests.EntropyBounds;

public class RowFamiliesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(31)]
    public void Rows_are_centred_and_of_length_one(int tokens)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        foreach (var rows in new[] { RowFamilies.TwoValued(tokens), RowFamilies.Peaked(50, tokens, generator) })
        {
            Assert.Equal(tokens, rows.shape[1]);
            Assert.InRange(rows.mean([-1]).abs().max().item<double>(), 0, 1e-14);
            Assert.InRange((linalg.vector_norm(rows, dims: [-1]) - 1).abs().max().item<double>(), 0, 1e-14);
        }
    }

    [Fact]
    public void Row_k_has_k_high_logits_and_the_first_is_the_worst_row()
    {
        using var scope = NewDisposeScope();
        var rows = RowFamilies.TwoValued(6);
        Assert.Equal([1L, 2, 3, 4, 5], (rows > 0).sum([-1L]).data<long>().ToArray());
        Assert.True(rows[0].allclose(EntropyBound.TightRow(6, 1), 1e-14, 1e-14));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var generator = new Generator(5, CPU);
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("tokens", Name(() => RowFamilies.TwoValued(1)));
        Assert.Equal("rows", Name(() => RowFamilies.Peaked(0, 3, generator)));
        Assert.Equal("tokens", Name(() => RowFamilies.Peaked(1, 1, generator)));
        Assert.Equal("generator", Name(() => RowFamilies.Peaked(1, 3, null!)));
    }
}
