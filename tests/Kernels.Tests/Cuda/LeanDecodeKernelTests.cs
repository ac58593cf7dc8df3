using static TorchSharp.torch;
using Lean = Attn.Kernels.LeanAttention;

namespace Attn.Kernels.Tests.Cuda;

/// <summary>The CUDA kernel of decoding equals the formula in float64, whatever the lengths, groups, windows and blocks; needs a GPU.</summary>
[Trait(Gpu.Trait, "true")]
public class LeanDecodeKernelTests
{
    public static TheoryData<int, int, int, int[], int?, int, int?, ScalarType> Cases => new()
    {
        { 64, 1, 1, [1], null, 0, null, ScalarType.BFloat16 },
        { 128, 4, 2, [300, 17], null, 0, null, ScalarType.BFloat16 },
        { 128, 32, 2, [5000, 129, 2047], null, 0, null, ScalarType.Float16 },
        { 64, 8, 8, [3000, 2999], null, 0, 7, ScalarType.BFloat16 },
        { 128, 8, 1, [3000, 600], 500, 70, null, ScalarType.BFloat16 },
        { 64, 8, 4, [3000, 20], 130, 200, 5, ScalarType.Float16 },
        { 128, 16, 1, [40_000], null, 0, 1000, ScalarType.BFloat16 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_sequence_gets_its_softmax_attention(int dim, int heads, int keyHeads, int[] lengths, int? window, int sinks, int? workers, ScalarType dtype)
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        random.manual_seed(dim + heads);
        var capacity = lengths.Max() + 3;
        Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float32, CUDA).to(dtype);
        var (q, k, v) = (Normal(lengths.Length, heads, 1, dim), Normal(lengths.Length, keyHeads, capacity, dim), Normal(lengths.Length, keyHeads, capacity, dim));
        // What lies beyond a sequence's length must not matter.
        foreach (var (b, length) in lengths.Index())
            foreach (var cache in new[] { k, v })
                cache[b].narrow(1, length, capacity - length).fill_(double.NaN);
        Gpu.Poison();
        Assert.True(LeanDecodeKernel.Serves(q, k, v));
        var (output, logSumExp) = Lean.Decode(q, k, v, lengths, window, sinks, workers);
        var again = Lean.Decode(q, k, v, lengths, window, sinks, workers);
        Assert.True(again.Output.eq(output).all().item<bool>(), "a second call gave other numbers");
        foreach (var (b, length) in lengths.Index())
        {
            Tensor Of(Tensor tensor, ScalarType type) => tensor[b].narrow(1, 0, length).repeat_interleave(heads / keyHeads, 0).unsqueeze(0).to(type);
            var place = arange(length, device: CUDA);
            var mask = ((place >= length - (window ?? length)) | (place < sinks)).unsqueeze(0);
            Tensor Plain(ScalarType type) => Softmax.Plain(q.narrow(0, b, 1).to(type), Of(k, type), Of(v, type), mask: mask);
            Gpu.AssertAsGood($"sequence {b}", output.narrow(0, b, 1), Plain(dtype), Plain(ScalarType.Float64));
            var exact = Softmax.LogSumExp(q.narrow(0, b, 1).to(ScalarType.Float64), Of(k, ScalarType.Float64), mask: mask);
            Assert.InRange((logSumExp.narrow(0, b, 1) - exact).abs().max().item<double>(), 0, 1e-3);
        }
    }

    [Fact]
    public void More_sequences_than_an_argument_holds()
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float32, CUDA).to(ScalarType.BFloat16);
        var (q, k, v) = (Normal(300, 4, 1, 64), Normal(300, 2, 50, 64), Normal(300, 2, 50, 64));
        int[] lengths = [.. Enumerable.Range(0, 300).Select(i => 1 + i % 50)];
        var (output, _) = Lean.Decode(q, k, v, lengths);
        foreach (var b in new[] { 0, 127, 128, 299 })
            Assert.True(Lean.Decode(q.narrow(0, b, 1), k.narrow(0, b, 1), v.narrow(0, b, 1), [lengths[b]]).Output.isclose(output.narrow(0, b, 1), 1e-2, 1e-2).all().item<bool>(), $"sequence {b}");
    }
}
