using static TorchSharp.torch;

namespace Attn.Kernels.Tests.SoftmaxFamily;

public class SoftmaxLogitsTests
{
    [Theory]
    [InlineData(5, 5, false)]
    [InlineData(5, 5, true)]
    [InlineData(3, 7, true)]
    [InlineData(1, 1, true)]
    public void They_are_what_the_softmax_gets(int queries, int keys, bool causal)
    {
        using var scope = NewDisposeScope();
        var (q, k) = (randn([2, 3, queries, 4], ScalarType.Float64), randn([2, 3, keys, 4], ScalarType.Float64));
        var logits = Softmax.Logits(q, k, causal, scale: 0.3);
        Assert.True(logits.softmax(-1).allclose(Softmax.Weights(q, k, causal, scale: 0.3), 1e-12, 1e-14));
        var seen = logits.isneginf().logical_not();
        Assert.True(logits.masked_select(seen).allclose((0.3 * q.matmul(k.transpose(-2, -1))).masked_select(seen), 1e-12, 1e-14));
        Assert.Equal(causal ? 6 * (queries * (keys - queries) + queries * (queries + 1) / 2) : 6 * queries * keys, seen.sum().item<long>());
    }
}
