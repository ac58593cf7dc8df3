using static TorchSharp.torch;
using Flash = Attn.Kernels.FlashAttention;

namespace Attn.Kernels.Tests.FlashAttention;

/// <summary>Block-sparse attention is dense attention with the mask that the kept tiles stand for.</summary>
public class BlockSparseTests
{
    [Theory]
    [InlineData(96, 96, 16, 16)]
    [InlineData(37, 45, 7, 13)]
    [InlineData(45, 37, 100, 5)]
    public void The_output_is_that_of_dense_attention_with_the_expanded_mask(int queries, int keys, int tileQueries, int tileKeys)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(queries, keys);
        var tile = new TileSize(tileQueries, tileKeys);
        var (rows, columns) = tile.Count(new AttentionInputs(q, k, v).Shape);
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var keep = BlockSparseFlash.RandomMask(rows, columns, 0.3, seed);
            var mask = BlockSparseFlash.Expand(keep, tile, queries, keys);
            var (output, logSumExp) = BlockSparseFlash.Forward(q, k, v, keep, tile, out _);
            Assert.True(Draw.Apart(output, Softmax.Plain(q, k, v, mask: mask)) < 1e-12);
            Assert.True(Draw.Apart(logSumExp, Softmax.LogSumExp(q, k, mask: mask)) < 1e-12);
        }
    }

    [Fact]
    public void A_row_of_tiles_that_is_left_out_gives_zeros_and_minus_infinity()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(20, 20);
        bool[,] keep = { { true, false }, { false, false } };
        var (output, logSumExp) = BlockSparseFlash.Forward(q, k, v, keep, new(10, 10), out _);
        Assert.Equal(0, output.narrow(2, 10, 10).abs().max().item<double>());
        Assert.True(logSumExp.narrow(2, 10, 10).isneginf().all().item<bool>());
        Assert.True(output.narrow(2, 0, 10).abs().min().item<double>() > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(1)]
    public void What_is_moved_is_linear_in_the_share_of_tiles_kept(double probability)
    {
        const int Length = 256, Dim = 32, Elements = 4096;
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(Length, Length, Dim, Dim, heads: 1);
        var tile = TileSize.ForSram(AttentionShape.Self(1, 1, Length, Dim), Elements);
        var (rows, columns) = tile.Count(AttentionShape.Self(1, 1, Length, Dim));
        var keep = BlockSparseFlash.RandomMask(rows, columns, probability, seed: 4);
        BlockSparseFlash.Forward(q, k, v, keep, tile, out var io);
        Assert.Equal(IoModel.BlockSparse(Length, Dim, Elements, BlockSparseFlash.KeptFraction(keep)), io.Total, 1e-6);
    }

    [Fact]
    public void All_tiles_kept_are_plain_Algorithm_1()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(40, 40, 8, 8);
        var tile = TileSize.ForSram(AttentionShape.Self(1, 1, 40, 8), 400);
        var (rows, columns) = tile.Count(AttentionShape.Self(1, 1, 40, 8));
        var sparse = BlockSparseFlash.Forward(q, k, v, BlockSparseFlash.RandomMask(rows, columns, 1, 1), tile, out var sparseIo);
        var whole = Flash.ForwardV1(q, k, v, 400, out var io);
        Assert.Equal(io.Total, sparseIo.Total);
        Assert.Equal(0, Draw.Apart(sparse.Output, whole.Output));
    }

    [Fact]
    public void Random_masks_keep_the_diagonal_and_the_share_asked_for()
    {
        var keep = BlockSparseFlash.RandomMask(200, 200, 0.3, seed: 1);
        Assert.All(Enumerable.Range(0, 200), i => Assert.True(keep[i, i]));
        Assert.InRange(BlockSparseFlash.KeptFraction(keep), 0.28, 0.33);
        Assert.Equal(keep, BlockSparseFlash.RandomMask(200, 200, 0.3, seed: 1));
        Assert.NotEqual(keep, BlockSparseFlash.RandomMask(200, 200, 0.3, seed: 2));
    }

    [Fact]
    public void A_mask_of_another_size_is_refused()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(20, 20);
        Conformance.Promised.Throws("keep", () => BlockSparseFlash.Forward(q, k, v, new bool[2, 3], new(10, 10), out _));
        Conformance.Promised.Throws("tile.Keys", () => BlockSparseFlash.Forward(q, k, v, new bool[2, 2], new(10, 0), out _));
        Assert.Throws<ArgumentNullException>(() => BlockSparseFlash.Forward(q, k, v, null!, new(10, 10), out _));
    }
}
