using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class LinFusionTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public void Repeated_tokens_change_nothing(int times)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 30, 6, 4);
        Tensor Repeated(Tensor tensor) => tensor.repeat(1, 1, times, 1);
        AssertClose(Repeated(LinFusion.Parallel(q, k, v)), LinFusion.Parallel(Repeated(q), Repeated(k), Repeated(v)));
        AssertClose(LinFusion.Parallel(q, k, v), LinFusion.Chunked(q, Repeated(k), Repeated(v), chunk: 7));
    }

    [Fact]
    public void Weights_sum_to_one_have_the_rank_of_a_head_and_give_the_output()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 30, 6, 4);
        var weights = LinFusion.Weights(q, k);
        AssertClose(ones_like(weights.sum(-1)), weights.sum(-1));
        Assert.Equal(6, RankDiagnostics.Numerical(weights, 1e-10).max().item<double>());
        AssertClose(LinFusion.Parallel(q, k, v), weights.matmul(v));
        AssertClose(weights.index_select(2, tensor(new long[] { 29, 3 })), LinFusion.Weights(q, k, [29, 3]));
    }

    [Fact]
    public void A_query_without_features_gives_zeros()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 30, 6, 4);
        Assert.Equal(0, LinFusion.Parallel(full_like(q, -1000), k, v).abs().max().item<double>());
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 9, 6, 4);
        Assert.StartsWith("v: got 8", Assert.Throws<ArgumentException>(() => LinFusion.Parallel(q, k, v.Part(0, 8))).Message);
        Assert.StartsWith("chunk: got 0", Assert.Throws<ArgumentException>(() => LinFusion.Chunked(q, k, v, 0)).Message);
        Assert.StartsWith("rows: got 9", Assert.Throws<ArgumentException>(() => LinFusion.Weights(q, k, [9])).Message);
    }
}
