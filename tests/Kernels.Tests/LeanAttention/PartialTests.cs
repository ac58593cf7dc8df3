using Attn.Kernels.Tests.FlashAttention;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.LeanAttention;

/// <summary>Merging partial results is associative and commutative, has an identity, and ends in exact attention.</summary>
public class PartialTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_cut_and_any_tree_give_softmax_attention(int seed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var (q, k, v) = Draw.Qkv(3, 97, seed: (ulong)seed);
        for (var trial = 0; trial < 20; trial++)
        {
            var parts = Cut(q, k, v, [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(1, 97)).Distinct().Order()]);
            while (parts.Count > 1)
            {
                var (a, b) = (Take(parts, random), Take(parts, random));
                parts.Add(a.Merge(b));
            }
            Assert.InRange(Draw.Apart(parts[0].Finish(), Softmax.Plain(q, k, v)), 0, 1e-14);
            Assert.InRange(Draw.Apart(parts[0].LogSumExp(), Softmax.LogSumExp(q, k)), 0, 1e-14);
        }
    }

    [Fact]
    public void Nothing_seen_is_the_identity_and_finishes_as_zeros()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(3, 11);
        var seen = Cut(q, k, v, [])[0];
        var nothing = SoftmaxPartial.Of(full([1, 2, 3, 5], double.NegativeInfinity, ScalarType.Float64), randn(1, 2, 5, 6, ScalarType.Float64));
        foreach (var merged in new[] { seen.Merge(nothing), nothing.Merge(seen) })
            Assert.Equal(0, Draw.Apart(merged.Finish(), seen.Finish()));
        Assert.Equal(0, nothing.Merge(nothing).Finish().abs().max().item<double>());
        Assert.True(nothing.LogSumExp().isneginf().all().item<bool>());
    }

    [Fact]
    public void Scores_far_apart_do_not_overflow()
    {
        using var scope = NewDisposeScope();
        var (low, high) = (full([1, 1], -1e5, ScalarType.Float64), full([1, 1], 1e5, ScalarType.Float64));
        var (one, two) = (full([1, 1], 1.0, ScalarType.Float64), full([1, 1], 2.0, ScalarType.Float64));
        Assert.Equal(2, SoftmaxPartial.Of(low, one).Merge(SoftmaxPartial.Of(high, two)).Finish().item<double>());
    }

    [Fact]
    public void Values_that_do_not_fit_the_scores_are_refused()
    {
        var failure = Assert.Throws<ArgumentException>(() => SoftmaxPartial.Of(zeros(2, 3), zeros(4, 5)));
        Assert.StartsWith("values: got [4,5], needs […,keys,Dv]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wrong_merges_are_wrong()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(3, 97);
        var (parts, exact) = (Cut(q * 3, k, v, [20, 50]), Softmax.Plain(q * 3, k, v));
        Assert.True(Draw.Apart(LeanControls.MeanOfOutputs(parts), exact) > 0.1);
        Assert.True(Draw.Apart(LeanControls.WithoutMaxima(parts), exact) > 0.1);
    }

    private static List<SoftmaxPartial> Cut(Tensor q, Tensor k, Tensor v, IReadOnlyList<int> cuts)
    {
        var scores = q.matmul(k.transpose(-2, -1)) / Math.Sqrt(q.shape[3]);
        int[] ends = [.. cuts, (int)k.shape[2]];
        int[] starts = [0, .. cuts];
        return [.. starts.Zip(ends, (start, end) => SoftmaxPartial.Of(scores.narrow(3, start, end - start), v.narrow(2, start, end - start)))];
    }

    private static SoftmaxPartial Take(List<SoftmaxPartial> parts, Random random)
    {
        var index = random.Next(parts.Count);
        var taken = parts[index];
        parts.RemoveAt(index);
        return taken;
    }
}
