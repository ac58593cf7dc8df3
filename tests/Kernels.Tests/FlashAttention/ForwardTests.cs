using static TorchSharp.torch;
using Flash = Attn.Kernels.FlashAttention;

namespace Attn.Kernels.Tests.FlashAttention;

/// <summary>Both loop orders give softmax attention and its log-sum-exp, whatever the tiles.</summary>
public class ForwardTests
{
    private static readonly (int Queries, int Keys)[] Lengths = [(1, 1), (37, 37), (48, 48), (19, 45), (45, 19), (1, 33), (33, 1)];
    private static readonly TileSize[] Sizes = [new(1, 1), new(1, 64), new(64, 1), new(7, 13), new(32, 32), new(48, 80), new(1000, 1000)];
    private static readonly long[] Memories = [1, 60, 500, 1024, 100_000];

    public static TheoryData<int, int, bool> Cases => [.. from length in Lengths from causal in new[] { false, true } select (length.Queries, length.Keys, causal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_tile_size_gives_the_dense_output_and_log_sum_exp(int queries, int keys, bool causal)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(queries, keys);
        var (output, logSumExp) = (Softmax.Plain(q, k, v, causal), Softmax.LogSumExp(q, k, causal));
        foreach (var tile in Sizes)
            AssertSame($"{tile}", Flash.Forward(q, k, v, causal, tile: tile), output, logSumExp);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_memory_size_gives_the_dense_output_and_log_sum_exp_with_the_papers_loops(int queries, int keys, bool causal)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(queries, keys);
        var (output, logSumExp) = (Softmax.Plain(q, k, v, causal), Softmax.LogSumExp(q, k, causal));
        foreach (var elements in Memories)
            AssertSame($"M = {elements}", Flash.ForwardV1(q, k, v, elements, out _, causal), output, logSumExp);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(300)]
    public void The_scale_is_that_of_the_dense_computation(double scale)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(37, 37);
        var (output, logSumExp) = (Softmax.Plain(q, k, v, true, scale), Softmax.LogSumExp(q, k, true, scale));
        AssertSame("query blocks outside", Flash.Forward(q, k, v, true, scale, new(7, 13)), output, logSumExp, Math.Max(1, scale));
        AssertSame("key blocks outside", Flash.ForwardV1(q, k, v, 500, out _, true, scale), output, logSumExp, Math.Max(1, scale));
    }

    [Fact]
    public void A_query_that_sees_no_key_gives_zeros_and_minus_infinity()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(queries: 45, keys: 19);
        foreach (var (output, logSumExp) in new[] { Flash.Forward(q, k, v, causal: true, tile: new(7, 13)), Flash.ForwardV1(q, k, v, 500, out _, causal: true) })
        {
            Assert.Equal(0, output.narrow(2, 0, 26).abs().max().item<double>());
            Assert.True(logSumExp.narrow(2, 0, 26).isneginf().all().item<bool>());
            Assert.True(output.isfinite().all().item<bool>() && logSumExp.narrow(2, 26, 19).isfinite().all().item<bool>());
        }
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(64, 64, dim: 32);
        var (single, exact) = ((q * 60).to(ScalarType.Float32), Softmax.Plain(q * 60, k, v));
        var (output, logSumExp) = Flash.Forward(single, k.to(ScalarType.Float32), v.to(ScalarType.Float32), tile: new(7, 13));
        Assert.True(logSumExp.max().item<float>() > 89, "the logits are not large enough to overflow float32");
        Assert.True(Draw.Apart(output, exact) < 1e-4);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float32)]
    public void The_log_sum_exp_of_half_precision_inputs_is_float32(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(37, 37);
        var (output, logSumExp) = Flash.Forward(q.to(dtype), k.to(dtype), v.to(dtype), tile: new(7, 13));
        Assert.Equal((dtype, ScalarType.Float32), (output.dtype, logSumExp.dtype));
        Assert.True(Draw.Apart(logSumExp, Softmax.LogSumExp(q.to(dtype), k.to(dtype))) < 1e-5);
    }

    [Fact]
    public void Bad_tiles_and_memories_are_refused()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(9, 9);
        Conformance.Promised.Throws("tile.Queries", () => Flash.Forward(q, k, v, tile: new(0, 8)));
        Conformance.Promised.Throws("tile.Keys", () => Flash.Forward(q, k, v, tile: new(8, -3)));
        Conformance.Promised.Throws("sramElements", () => Flash.ForwardV1(q, k, v, 0, out _));
        foreach (var scale in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Conformance.Promised.Throws("scale", () => Flash.Forward(q, k, v, scale: scale));
    }

    private static void AssertSame(string what, (Tensor Output, Tensor LogSumExp) got, Tensor output, Tensor logSumExp, double size = 1)
    {
        Assert.True(Draw.Apart(got.Output, output) <= 1e-12 * size, $"{what}: output {Draw.Apart(got.Output, output):e2}");
        Assert.True(Draw.Apart(got.LogSumExp, logSumExp) <= 1e-12 * size, $"{what}: log-sum-exp {Draw.Apart(got.LogSumExp, logSumExp):e2}");
    }
}
