using Attn.Theory.LengthCollapse;
using static TorchSharp.torch;

namespace Theory.Tests.LengthCollapse;

public class CollapseProbeTests
{
    [Theory]
    [InlineData(2, 3)]
    [InlineData(5, 1)]
    [InlineData(17, 8)]
    public void It_is_the_mean_over_pairs(int count, int dim)
    {
        using var scope = NewDisposeScope();
        var embeddings = RandomPatterns.Normal(count, count, dim);
        var cosines = new List<double>();
        for (var i = 0; i < count; i++)
            for (var j = 0; j < i; j++)
                cosines.Add((embeddings[i].dot(embeddings[j]) / (embeddings[i].norm() * embeddings[j].norm())).item<double>());
        Assert.Equal(cosines.Average(), CollapseProbe.PairwiseCosine(embeddings), 1e-12);
    }

    [Fact]
    public void Equal_embeddings_have_one_and_orthogonal_ones_zero()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(1, CollapseProbe.PairwiseCosine(ones(6, 4)), 1e-12);
        Assert.Equal(0, CollapseProbe.PairwiseCosine(3 * eye(5)), 1e-12);
        Assert.StartsWith("embeddings: got [1,4]", Assert.Throws<ArgumentException>(() => CollapseProbe.PairwiseCosine(ones(1, 4))).Message, StringComparison.Ordinal);
    }
}
