using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class HedgehogTests
{
    private static Tensor Weights(HedgehogVariant variant, Tensor q, Tensor k)
    {
        var map = HedgehogFeatures.Map(variant);
        return LinearAttention.Weights(q, k, causal: true, featureMap: map.Queries, keyMap: map.Keys, floor: 1e-12);
    }

    [Fact]
    public void The_exponential_weights_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();
        var (q, k, _) = Qkv(2, 2, 20, 6, 4);
        Tensor Phi(Tensor y) => cat([y.exp(), (-y).exp()], -1);
        var products = Phi(q).matmul(Phi(k).transpose(-2, -1)).tril();
        AssertClose(products / products.sum(-1, keepdim: true), Weights(HedgehogVariant.Exp, q, k));
    }

    [Fact]
    public void Long_queries_do_not_overflow_and_weigh_keys_as_the_formula_does()
    {
        using var scope = NewDisposeScope();
        var (q, k, _) = Qkv(1, 1, 12, 4, 4);
        var exact = Weights(HedgehogVariant.Exp, 60 * q, k);
        AssertClose(exact, Weights(HedgehogVariant.Exp, (60 * q).to(ScalarType.Float32), k.to(ScalarType.Float32)), 1e-5);
        Assert.True(Weights(HedgehogVariant.Exp, (1000 * q).to(ScalarType.Float32), (1000 * k).to(ScalarType.Float32)).isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(HedgehogVariant.SoftmaxHalves, true)]
    [InlineData(HedgehogVariant.Exp, false)]
    [InlineData(HedgehogVariant.SoftmaxJoint, false)]
    public void Only_halves_are_blind_to_a_constant_in_all_channels(HedgehogVariant variant, bool blind)
    {
        using var scope = NewDisposeScope();
        var (q, k, _) = Qkv(1, 1, 20, 6, 4);
        Assert.Equal(blind, Error(Weights(variant, q + 1.7, k), Weights(variant, q, k)) < 1e-14);
    }

    [Fact]
    public void Halves_and_joint_features_are_shares()
    {
        using var scope = NewDisposeScope();
        var x = 3 * Normal(1, 2, 2, 9, 5);
        foreach (var (variant, sum) in new[] { (HedgehogVariant.SoftmaxHalves, 2.0), (HedgehogVariant.SoftmaxJoint, 1.0) })
        {
            var map = HedgehogFeatures.Map(variant);
            AssertClose(full([2, 2, 9], sum, ScalarType.Float64), map.Keys(x).sum(-1), 1e-10);
            Assert.Equal(map.Width(5), map.Queries(x).shape[3]);
        }
    }

    [Fact]
    public void A_learned_map_begins_as_its_basis_and_each_head_has_its_own()
    {
        using var scope = NewDisposeScope();
        using var map = new LearnedFeatureMap(FeatureMap.EluPlusOne, heads: 2, dim: 4);
        var x = Normal(1, ScalarType.Float32, 1, 2, 5, 4);
        AssertClose(LinearAttention.EluPlusOne(x), map.Queries(x), 1e-6);
        AssertClose(LinearAttention.EluPlusOne(x), map.Keys(x), 1e-6);
        map.call(x, x).Queries.narrow(1, 0, 1).sum().backward();
        var moved = map.parameters().Where(parameter => parameter.grad is not null).Select(parameter => parameter.grad!.abs().sum([1, 2])).ToArray();
        Assert.Equal(2, moved.Length); // W and b of the queries alone,
        Assert.All(moved, gradient => Assert.True(gradient[0].item<float>() > 0 && gradient[1].item<float>() == 0)); // of head 0 alone.
        Assert.StartsWith("x: got [1,3,5,4], needs [B,2,T,4]", Assert.Throws<ArgumentException>(() => map.Keys(zeros(1, 3, 5, 4))).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_layer_is_causal_or_sees_all_and_learns_everywhere(bool causal)
    {
        using var scope = NewDisposeScope();
        using var layer = new HedgehogLayer(12, 3, causal);
        Assert.Equal(4, layer.FeatureMap.parameters().Count());
        var x = Normal(1, ScalarType.Float32, 2, 20, 12);
        var changed = x.clone();
        changed.narrow(1, 19, 1).add_(1);
        Assert.Equal(!causal, (layer.call(x) - layer.call(changed)).narrow(1, 0, 19).abs().max().item<float>() > 1e-5f);
        layer.call(x).square().sum().backward();
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().item<float>() > 0));
    }
}
