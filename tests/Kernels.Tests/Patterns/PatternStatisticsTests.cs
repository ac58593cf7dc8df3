using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Patterns;

/// <summary>Entropy, effective rank and distance of attention matrices where they are known.</summary>
public class PatternStatisticsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Even_attention_has_the_largest_entropy_and_rank_one(int keys)
    {
        using var scope = NewDisposeScope();
        var even = ones(2, 3, 5, keys) / keys;
        Assert.Equal(Math.Log(keys), PatternStatistics.Entropy(even).mean().item<double>(), 1e-6);
        Assert.Equal(1, PatternStatistics.EffectiveRank(even).max().item<double>(), 1e-5);
    }

    [Fact]
    public void Attention_to_oneself_has_no_entropy_and_full_rank()
    {
        using var scope = NewDisposeScope();
        var own = eye(9);
        Assert.Equal(0, PatternStatistics.Entropy(own).abs().max().item<double>(), 1e-12);
        Assert.Equal(9, PatternStatistics.EffectiveRank(own).item<double>(), 1e-9);
    }

    [Fact]
    public void Weights_of_any_sign_and_sum_count_by_their_shares()
    {
        using var scope = NewDisposeScope();
        var weights = tensor(new[,] { { 3.0, -1.0, 0.0 }, { 0, 0, 0 } });
        var entropy = PatternStatistics.Entropy(weights);
        Assert.Equal(-(0.75 * Math.Log(0.75) + 0.25 * Math.Log(0.25)), entropy[0].item<double>(), 1e-12);
        Assert.Equal(0, entropy[1].item<double>());
        Assert.Equal(0, PatternStatistics.EffectiveRank(zeros(3, 4)).item<double>());
    }

    [Fact]
    public void Distance_goes_from_alike_to_nothing_shared()
    {
        using var scope = NewDisposeScope();
        var (left, right) = (tensor(new[,] { { 1.0, 0 }, { 0.5, 0.5 } }), tensor(new[,] { { 0.0, 7 }, { 2, 6 } }));
        Assert.Equal([1, 0.25], PatternStatistics.TotalVariation(left, right).data<double>().ToArray());
        Assert.Equal([0, 0], PatternStatistics.TotalVariation(left, 3 * left).data<double>().ToArray());
    }

    [Fact]
    public void Bad_shapes_are_named()
    {
        using var scope = NewDisposeScope();
        Assert.StartsWith("weights: got [3], needs […,Tq,Tk]", Assert.Throws<ArgumentException>(() => PatternStatistics.Entropy(ones(3))).Message);
        Assert.StartsWith("other: got [2,2], needs [2,3]", Assert.Throws<ArgumentException>(() => PatternStatistics.TotalVariation(ones(2, 3), ones(2, 2))).Message);
    }
}
