using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class LongVqTests
{
    private static Tensor NoBias => zeros(1, 2, 1, 1, dtype: ScalarType.Float64);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(70)]
    public void Codes_summed_up_are_softmax_over_quantised_keys(int codes)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 50, 6, 4);
        var codebook = Normal(9, 1, 2, codes, 6);
        var quantised = Codebook.Quantise(k, codebook);
        AssertClose(Softmax.Plain(q, quantised, v, causal: true), LongVq.Chunked(q, k, v, codebook, NoBias, chunk: 7).Output);
        AssertClose(Softmax.Plain(q, quantised, v), LongVq.Noncausal(q, k, v, codebook));
        AssertClose(Softmax.Plain(q.Part(3, 1), quantised, v), LongVq.Noncausal(q.Part(3, 1), k, v, codebook));
    }

    [Fact]
    public void The_bias_counts_in_the_window_and_nowhere_else()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 40, 6, 4);
        var (codebook, bias) = (Normal(9, 1, 2, 8, 6), Normal(10, 1, 2, 5, 1));
        var expected = zeros(1, 2, 40, 40, dtype: ScalarType.Float64).fill_(double.NegativeInfinity);
        var scores = q.matmul(Codebook.Quantise(k, codebook).transpose(2, 3)) / Math.Sqrt(6);
        for (var h = 0; h < 2; h++)
            for (var t = 0; t < 40; t++)
                for (var s = 0; s <= t; s++)
                    expected[0, h, t, s] = scores[0, h, t, s] + (t - s < 5 ? bias[0, h, t - s, 0] : 0);
        AssertClose(expected.softmax(-1), LongVq.Weights(q, k, codebook, bias));
        AssertClose(expected.softmax(-1).matmul(v), LongVq.Chunked(q, k, v, codebook, bias, chunk: 9).Output);
    }

    [Fact]
    public void A_step_continues_a_call_and_its_state_does_not_grow()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 30, 6, 4);
        var (codebook, bias) = (Normal(9, 1, 2, 8, 6), Normal(10, 1, 2, 5, 1));
        var before = LongVq.Chunked(q.Part(0, 29), k.Part(0, 29), v.Part(0, 29), codebook, bias).State!;
        var after = LongVq.Step(q.Part(29, 1), k.Part(29, 1), v.Part(29, 1), codebook, bias, before);
        AssertClose(LongVq.Chunked(q, k, v, codebook, bias).Output.Part(29, 1), after.Output);
        Assert.Equal(before.shape, after.State!.shape);
        Assert.Equal([1, 2, 8 + 4, 6 + 4 + 1], before.shape);
        Assert.Equal(29 + 1 - 4, after.State.narrow(2, 0, 8).narrow(3, 10, 1).sum([2, 3])[0, 0].item<double>());
    }

    [Fact]
    public void Attention_weights_move_by_no_more_than_the_quantisation_radius_allows()
    {
        using var scope = NewDisposeScope();
        for (var seed = 1; seed <= 20; seed++)
        {
            var (q, k, _) = Qkv(1, 1, 30, 6, 4, seed);
            var quantised = Codebook.Quantise(k, Normal(seed + 50, 1, 1, 16, 6));
            var ratio = (Softmax.Weights(q, quantised).log() - Softmax.Weights(q, k).log()).abs().max().item<double>();
            Assert.True(ratio <= (2 * q.norm(-1).max() * (k - quantised).norm(-1).max()).item<double>() / Math.Sqrt(6));
        }
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 9, 6, 4);
        var codebook = Normal(9, 1, 2, 8, 6);
        Assert.StartsWith("codebook: got [1,2,8,5], needs [B|1,H,S,D] = [1,2,8,6]", Message(() => LongVq.Chunked(q, k, v, codebook.narrow(3, 0, 5), NoBias)));
        Assert.StartsWith("windowBias: got [1,1,1,1], needs [B|1,H,W,1] = [1,2,1,1]", Message(() => LongVq.Chunked(q, k, v, codebook, NoBias.narrow(1, 0, 1))));
        Assert.StartsWith("codebook: got [2,8,6], needs", Message(() => Codebook.Quantise(k, codebook[0])).Replace("rank 3 ", "", StringComparison.Ordinal));
        Assert.StartsWith("k: got 8", Message(() => LongVq.Chunked(q, k.Part(0, 8), v.Part(0, 8), codebook, NoBias)));

        static string Message(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
