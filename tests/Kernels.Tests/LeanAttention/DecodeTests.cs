using Attn.Kernels.Tests.FlashAttention;
using static TorchSharp.torch;
using Lean = Attn.Kernels.LeanAttention;

namespace Attn.Kernels.Tests.LeanAttention;

/// <summary>Decoding over ragged caches, shared key-value heads and any number of workers equals softmax attention.</summary>
public class DecodeTests
{
    private static readonly int[] Lengths = [1, 77, 130];

    public static TheoryData<int, int, int> Cases =>
        [.. from keyHeads in new[] { 1, 2, 6 } from workers in new[] { 1, 2, 5, 13, 100 } from tile in new[] { 1, 16, 1000 } select (keyHeads, workers, tile)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_sequence_gets_its_softmax_attention(int keyHeads, int workers, int tile)
    {
        using var scope = NewDisposeScope();
        var (q, caches) = Problem(keyHeads);
        var (output, logSumExp) = Lean.Decode(q, caches, workers, tile);
        for (var b = 0; b < Lengths.Length; b++)
        {
            var query = q.narrow(0, b, 1);
            var (k, v) = (Repeated(caches[b].K, 6 / keyHeads), Repeated(caches[b].V, 6 / keyHeads));
            Assert.InRange(Draw.Apart(output.narrow(0, b, 1), Softmax.Plain(query, k, v)), 0, 1e-14);
            Assert.InRange(Draw.Apart(logSumExp.narrow(0, b, 1), Softmax.LogSumExp(query, k)), 0, 1e-14);
        }
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(1, 0)]
    [InlineData(40, 5)]
    [InlineData(70, 100)]
    public void Caches_side_by_side_have_lengths_a_window_and_sinks(int? window, int sinks)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(9, CPU);
        Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        var (q, k, v) = (Normal(3, 6, 1, 8), Normal(3, 2, 130, 8), Normal(3, 2, 130, 5));
        var (output, logSumExp) = Lean.Decode(q, k, v, Lengths, window, sinks, workers: 4);
        foreach (var (b, length) in Lengths.Index())
        {
            var (query, keys, values) = (q.narrow(0, b, 1), Repeated(k[b].narrow(1, 0, length), 3), Repeated(v[b].narrow(1, 0, length), 3));
            var mask = ((arange(length) >= length - (window ?? length)) | (arange(length) < sinks)).unsqueeze(0);
            Assert.InRange(Draw.Apart(output.narrow(0, b, 1), Softmax.Plain(query, keys, values, mask: mask)), 0, 1e-14);
            Assert.InRange(Draw.Apart(logSumExp.narrow(0, b, 1), Softmax.LogSumExp(query, keys, mask: mask)), 0, 1e-14);
        }
    }

    [Fact]
    public void Bad_arguments_of_caches_side_by_side_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (randn(3, 6, 1, 8), randn(3, 2, 130, 8), randn(3, 2, 130, 5));
        Refuses("q", () => Lean.Decode(q.expand(3, 6, 2, 8), k, v));
        Refuses("k", () => Lean.Decode(q, randn(3, 4, 130, 8), v));
        Refuses("k", () => Lean.Decode(q, k[0], v));
        Refuses("v", () => Lean.Decode(q, k, v.narrow(2, 0, 5)));
        Refuses("lengths", () => Lean.Decode(q, k, v, [1, 2]));
        Refuses("lengths", () => Lean.Decode(q, k, v, [1, 2, 131]));
        Refuses("lengths", () => Lean.Decode(q, k, v, [0, 2, 3]));
        Refuses("window", () => Lean.Decode(q, k, v, window: 0));
        Refuses("sinks", () => Lean.Decode(q, k, v, sinks: -1));
        Refuses("workers", () => Lean.Decode(q, k, v, workers: 0));
        Refuses("scale", () => Lean.Decode(q, k, v, scale: 0));
    }

    [Fact]
    public void Attention_and_gradients_do_not_depend_on_the_workers()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(5, 41);
        Tensor[] leaves = [.. new[] { q, k, v }.Select(tensor => tensor.requires_grad_(true))];
        (Softmax.Plain(q, k, v, causal: true).square().sum()).backward();
        var expected = leaves.Select(leaf => leaf.grad!.clone()).ToArray();
        foreach (var workers in new[] { 1, 3, 50 })
        {
            foreach (var leaf in leaves)
                leaf.grad!.zero_();
            Lean.Attend(q, k, v, causal: true, tile: 7, workers: workers).square().sum().backward();
            Assert.All(leaves.Zip(expected), pair => Assert.InRange(Draw.Apart(pair.First.grad!, pair.Second), 0, 1e-12));
        }
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, caches) = Problem(2);
        Refuses("q", () => Lean.Decode(q.expand(3, 6, 2, 8), caches, 3));
        Refuses("caches", () => Lean.Decode(q, [.. caches.Take(2)], 3));
        Refuses("caches", () => Lean.Decode(q, [.. caches.Take(2), new(caches[2].K.repeat(2, 1, 1), caches[2].V.repeat(2, 1, 1))], 3));
        Refuses("caches", () => Lean.Decode(q, [.. caches.Take(2), default], 3));
        Refuses("v", () => Lean.Decode(q, [.. caches.Take(2), new(caches[2].K, caches[2].V.narrow(1, 0, 5))], 3));
        Refuses("workers", () => Lean.Decode(q, caches, 0));
        Refuses("tile.Keys", () => Lean.Decode(q, caches, 3, tile: 0));
        Refuses("scale", () => Lean.Decode(q, caches, 3, scale: -1));
    }

    private static void Refuses(string argument, Action call) => Assert.Equal(argument, Assert.Throws<ArgumentException>(call).ParamName);

    private static (Tensor Q, IReadOnlyList<SequenceCache> Caches) Problem(int keyHeads)
    {
        using var generator = new Generator(7, CPU);
        Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        return (Normal(Lengths.Length, 6, 1, 8), [.. Lengths.Select(length => new SequenceCache(Normal(keyHeads, length, 8), Normal(keyHeads, length, 5)))]);
    }

    private static Tensor Repeated(Tensor heads, long times) => heads.repeat_interleave(times, 0).unsqueeze(0);
}
