using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class TaylorFeatureMapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void Products_of_features_are_the_kernel_and_at_least_a_half(int dim)
    {
        using var scope = NewDisposeScope();
        var (q, k) = (2 * Normal(1, 50, dim), 2 * Normal(2, 50, dim));
        var kernel = TaylorFeatureMap.Kernel(q.matmul(k.t()) / Math.Sqrt(dim));
        Assert.True(kernel.min().item<double>() >= 0.5);
        foreach (var map in new Func<Tensor, Tensor>[] { TaylorFeatureMap.Full, TaylorFeatureMap.Symmetric })
            AssertClose(kernel, map(q).matmul(map(k).t()), 1e-13);
        Assert.Equal(TaylorFeatureMap.FullWidth(dim), TaylorFeatureMap.Full(q).shape[1]);
        Assert.Equal(TaylorFeatureMap.SymmetricWidth(dim), TaylorFeatureMap.Symmetric(q).shape[1]);
    }

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 20)]
    [InlineData(true, 7)]
    public void Pairs_and_features_give_one_output(bool causal, int queries)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 20, 6, 4);
        q = q.Part(20 - queries, queries);
        AssertClose(LinearAttention.Parallel(q, k, v, causal, featureMap: TaylorFeatureMap.Full).Output, TaylorFeatureMap.Pairwise(q, k, v, causal));
    }

    [Fact]
    public void Sixteen_channels_have_273_features_153_of_them_different() =>
        Assert.Equal((273, 153), (TaylorFeatureMap.FullWidth(16), TaylorFeatureMap.SymmetricWidth(16)));
}
