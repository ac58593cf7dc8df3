using static TorchSharp.torch;
using Flash = Attn.Kernels.FlashAttention;

namespace Attn.Kernels.Tests.FlashAttention;

/// <summary>What the loops really move is what the closed formulas say.</summary>
public class IoTests
{
    public static TheoryData<int, int, long> Shapes =>
        [.. from length in new[] { 1, 37, 64, 90 } from dim in new[] { 8, 32 } from elements in new[] { 300L, 1000, 4096, 100_000 } select (length, dim, elements)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Algorithm_1_moves_what_its_formula_says(int length, int dim, long elements)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(length, length, dim, dim, heads: 1);
        Flash.ForwardV1(q, k, v, elements, out var io);
        Assert.Equal(IoModel.Flash(length, dim, elements), io.Total);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_swapped_loops_move_what_their_formula_says(int length, int dim, long elements)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(length, length, dim, dim, heads: 1);
        var tile = TileSize.ForSram(AttentionShape.Self(1, 1, length, dim), elements);
        Flash.Forward(q, k, v, tile, out var io);
        Assert.Equal(IoModel.FlashV2(length, dim, tile.Queries), io.Total);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(37, 32)]
    [InlineData(128, 16)]
    public void Standard_attention_moves_what_its_formula_says(int length, int dim)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(length, length, dim, dim, heads: 1);
        var output = StandardAttention.Forward(q, k, v, out var io);
        Assert.Equal(IoModel.Standard(length, dim), io.Total);
        Assert.True(Draw.Apart(output, Softmax.Plain(q, k, v)) < 1e-12);
    }

    [Fact]
    public void The_papers_figures_for_512_tokens_of_width_32()
    {
        // Counted by an independent instrumentation of Algorithm 1.
        (long Elements, double Moved)[] counted = [(1024, 3_309_568), (2048, 1_671_168), (4096, 851_968), (8192, 442_368), (16384, 237_568)];
        Assert.All(counted, point => Assert.Equal(point.Moved, IoModel.Flash(512, 32, point.Elements)));
        Assert.Equal(1_114_112, IoModel.Standard(512, 32));
    }

    [Fact]
    public void Heads_and_batch_entries_add_up()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(37, 37, 8, 8, heads: 6);
        Flash.ForwardV1(q, k, v, 500, out var io);
        Assert.Equal(6 * IoModel.Flash(37, 8, 500), io.Total);
    }

    [Fact]
    public void A_causal_mask_skips_the_tiles_that_it_hides()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(128, 128, 8, 8, heads: 1);
        Flash.Forward(q, k, v, new(16, 16), out var whole);
        Flash.Forward(q, k, v, new(16, 16), out var causal, causal: true);
        // Of 8 × 8 tiles 36 are visible; each takes a key and a value block of 16 × 8.
        Assert.Equal((64 - 36) * 2 * 16 * 8, whole.Reads - causal.Reads);
        Assert.Equal(whole.Writes, causal.Writes);
    }

    [Fact]
    public void Temporaries_grow_linearly_with_the_length_and_those_of_standard_attention_quadratically()
    {
        using var scope = NewDisposeScope();
        long[] Peaks(Func<Tensor, Tensor, Tensor, IoCounter> run) => [.. new[] { 128, 256, 512 }.Select(length =>
        {
            var (q, k, v) = Draw.Qkv(length, length, 8, 8);
            return run(q, k, v).PeakTemporaries;
        })];
        var tiled = Peaks((q, k, v) => { Flash.Forward(q, k, v, new(16, 16), out var io); return io; });
        var papers = Peaks((q, k, v) => { Flash.ForwardV1(q, k, v, 512, out var io); return io; });
        // Scores and weights of two heads.
        var standard = Peaks((q, k, v) => { StandardAttention.Forward(q, k, v, out var io); return io; });
        Assert.All(new[] { tiled, papers }, peaks => Assert.True(peaks[2] - peaks[1] == 2 * (peaks[1] - peaks[0]) && peaks[2] < 2.05 * peaks[1]));
        Assert.Equal([2 * 2 * 128 * 128, 2 * 2 * 256 * 256, 2 * 2 * 512 * 512], standard);
    }

    [Fact]
    public void Tiles_of_a_memory_are_the_papers_and_no_larger_than_the_sequence()
    {
        Assert.Equal(new TileSize(32, 64), TileSize.ForSram(AttentionShape.Self(1, 1, 512, 32), 64 * 4 * 32));
        Assert.Equal(new TileSize(8, 8), TileSize.ForSram(AttentionShape.Self(1, 1, 512, 32), 8 * 4 * 32));
        Assert.Equal(new TileSize(10, 10), TileSize.ForSram(AttentionShape.Self(1, 1, 10, 32), 1_000_000));
        Assert.Equal(new TileSize(1, 1), TileSize.ForSram(AttentionShape.Self(1, 1, 512, 32), 1));
        Assert.Equal((6, 4), new TileSize(7, 13).Count(AttentionShape.Self(1, 1, 40, 8)));
        Conformance.Promised.Throws("tileQueries", () => IoModel.FlashV2(8, 8, 0));
        Conformance.Promised.Throws("sramElements", () => IoModel.Flash(8, 8, 0));
    }
}
