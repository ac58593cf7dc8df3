using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.SoftmaxFamily;

public class BlockSparseAttentionTests
{
    [Theory]
    [InlineData(50, 50, 7)]
    [InlineData(50, 50, 1)]
    [InlineData(23, 61, 16)]
    [InlineData(61, 23, 16)]
    [InlineData(9, 9, 64)]
    public void Gathered_blocks_are_the_mask_for_any_pattern(int queries, int keys, int block)
    {
        using var scope = NewDisposeScope();
        var random = new Random(queries + block);
        var mask = new bool[(queries + block - 1) / block + 1, (keys + block - 1) / block];
        for (var i = 0; i < mask.GetLength(0); i++)
            for (var j = 0; j < mask.GetLength(1); j++)
                mask[i, j] = random.NextDouble() < 0.4; // Some rows keep nothing.
        var (q, k, v) = (Normal(1, 2, 2, queries, 6), Normal(2, 2, 2, keys, 6), Normal(3, 2, 2, keys, 5));
        foreach (var pattern in new[] { BlockPattern.Of(block, mask), BlockPattern.LocalGlobalStrided(block, 1), BlockPattern.LocalGlobalStrided(block, 0, 1, 3) })
            foreach (var causal in new[] { false, true })
            {
                var expected = Softmax.Plain(q, k, v, scale: 0.7, mask: pattern.Mask(queries, keys, causal));
                AssertSame(expected, BlockSparse.Gathered(q, k, v, pattern, causal, 0.7));
                AssertSame(expected, BlockSparse.Weights(q, k, pattern, causal, 0.7).matmul(v));
            }
    }

    [Fact]
    public void A_pattern_that_keeps_everything_is_softmax_attention()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 45, 6, 5);
        var all = new BlockPattern(8, (_, _) => true);
        foreach (var causal in new[] { false, true })
            AssertClose(Softmax.Plain(q, k, v, causal), BlockSparse.Gathered(q, k, v, all, causal));
    }

    [Fact]
    public void The_pattern_is_local_global_and_strided()
    {
        var pattern = BlockPattern.LocalGlobalStrided(block: 4, window: 1, global: 1, stride: 4);
        var rows = Enumerable.Range(0, 9).Select(i => string.Concat(Enumerable.Range(0, 9).Select(j => pattern.Keeps(i, j) ? 'x' : '.')));
        Assert.Equal(["xxxxxxxxx", "xxxx...x.", "xxxx...x.", "x.xxx..x.", "x..xxx.x.", "x..xxxxx.", "x..x.xxx.", "x..x..xxx", "x..x...xx"], rows);
    }

    [Fact]
    public void Work_grows_with_the_number_of_tokens_not_with_its_square()
    {
        var pattern = BlockPattern.LocalGlobalStrided(16, 1, 1);
        double Kept(int tokens) => pattern.Layout(tokens, tokens, causal: true).Sum(row => row.Keys.Length);
        Assert.InRange(Kept(8192) / Kept(2048), 3.9, 4.1);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("block: got 0", Assert.Throws<ArgumentException>(() => BlockPattern.LocalGlobalStrided(0, 1)).Message);
        Assert.StartsWith("stride: got -1", Assert.Throws<ArgumentException>(() => BlockPattern.LocalGlobalStrided(4, 1, stride: -1)).Message);
        Assert.StartsWith("block: got 0", Assert.Throws<ArgumentException>(() => BlockPattern.Of(0, new bool[1, 1])).Message);
    }

    /// <summary>All entries within rounding; all of them may be zero.</summary>
    private static void AssertSame(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().item<double>(), 0, 1e-12);
}
