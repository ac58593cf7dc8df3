using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests;

public class SlidingWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(100)]
    public void It_is_softmax_attention_under_a_band(int window)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 30, 6, 4);
        var band = ones(30, 30, ScalarType.Bool).triu(1 - window);
        var expected = Softmax.Plain(q, k, v, causal: true, scale: 0.7, mask: band);
        AssertClose(expected, SlidingWindow.Plain(q, k, v, window, scale: 0.7).Output);
        AssertClose(expected, SlidingWindow.Blocks(q, k, v, window, block: 7, scale: 0.7).Output);
        AssertClose(expected, SlidingWindow.Recurrent(q, k, v, window, scale: 0.7).Output);
        AssertClose(expected, SlidingWindow.Weights(q, k, window, scale: 0.7).matmul(v));
    }

    [Theory]
    [InlineData(1, 1, null)]
    [InlineData(5, 3, 7)]
    [InlineData(4, 20, 1)]
    [InlineData(100, 50, 13)]
    public void Sinks_stay_in_sight_with_gradients(int window, int sinks, int? block)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 30, 6, 4);
        Tensor[] leaves = [.. new[] { q, k, v }.Select(tensor => tensor.requires_grad_(true))];
        var mask = ones(30, 30, ScalarType.Bool).triu(1 - window) | (arange(30) < sinks);
        Tensor[] WithGradients(Func<Tensor> run)
        {
            var output = run();
            output.square().sum().backward();
            Tensor[] all = [output, .. leaves.Select(leaf => leaf.grad!.clone())];
            foreach (var leaf in leaves)
                leaf.grad!.zero_();
            return all;
        }
        var expected = WithGradients(() => Softmax.Plain(q, k, v, causal: true, scale: 0.7, mask: mask));
        foreach (var (one, other) in expected.Zip(WithGradients(() => SlidingWindow.Prefill(q, k, v, window, sinks, 0.7, block))))
            AssertClose(one, other);
    }

    [Fact]
    public void Bad_arguments_of_a_prefill_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 12, 6, 4);
        Assert.Equal("sinks", Assert.Throws<ArgumentException>(() => SlidingWindow.Prefill(q, k, v, 3, -1)).ParamName);
        Assert.Equal("window", Assert.Throws<ArgumentException>(() => SlidingWindow.Prefill(q, k, v, 0)).ParamName);
        Assert.Equal("block", Assert.Throws<ArgumentException>(() => SlidingWindow.Prefill(q, k, v, 3, block: 0)).ParamName);
        Assert.Equal("scale", Assert.Throws<ArgumentException>(() => SlidingWindow.Prefill(q, k, v, 3, scale: double.NaN)).ParamName);
        Assert.Equal("k", Assert.Throws<ArgumentException>(() => SlidingWindow.Prefill(q, k.Part(0, 5), v.Part(0, 5), 3)).ParamName);
    }

    [Fact]
    public void The_cache_holds_the_last_tokens_and_no_more()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 20, 6, 4);
        var first = SlidingWindow.Blocks(q.Part(0, 3), k.Part(0, 3), v.Part(0, 3), 8);
        Assert.Equal([1, 2, 3, 10], first.State!.shape);
        var rest = SlidingWindow.Blocks(q.Part(3, 17), k.Part(3, 17), v.Part(3, 17), 8, first.State, block: 4);
        AssertClose(SlidingWindow.Plain(q, k, v, 8).Output.Part(3, 17), rest.Output);
        AssertClose(cat([k.Part(12, 8), v.Part(12, 8)], 3), rest.State!);
        var step = SlidingWindow.Step(q.Part(19, 1), k.Part(19, 1), v.Part(19, 1), cat([k.Part(11, 8), v.Part(11, 8)], 3), 8);
        AssertClose(rest.Output.Part(16, 1), step.Output);
    }

    [Fact]
    public void A_bias_is_added_by_distance()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 12, 6, 4);
        var bias = Normal(7, 2, 3).requires_grad_(true);
        var scores = q.matmul(k.transpose(-2, -1)) / Math.Sqrt(6);
        var expected = zeros(1, 2, 12, 4, dtype: ScalarType.Float64);
        for (var i = 0; i < 12; i++)
        {
            var seen = Math.Min(i + 1, 3);
            var row = scores.select(2, i).narrow(2, i + 1 - seen, seen) + bias.flip(1).narrow(1, 3 - seen, seen).unsqueeze(0);
            expected.select(2, i).copy_(row.softmax(-1).unsqueeze(2).matmul(v.Part(i + 1 - seen, seen)).squeeze(2).detach());
        }
        var output = SlidingWindow.Blocks(q, k, v, 3, block: 5, distanceBias: bias).Output;
        AssertClose(expected, output);
        AssertClose(expected, SlidingWindow.Recurrent(q, k, v, 3, distanceBias: bias).Output);
        AssertClose(expected, SlidingWindow.Weights(q, k, 3, distanceBias: bias).matmul(v));
        output.square().sum().backward();
        Assert.True(bias.grad!.abs().min().item<double>() > 0);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 9, 6, 4);
        Assert.StartsWith("window: got 0", Message(() => SlidingWindow.Plain(q, k, v, 0)));
        Assert.StartsWith("block: got 0", Message(() => SlidingWindow.Blocks(q, k, v, block: 0)));
        Assert.StartsWith("initialState: got [1,2,5,10], needs [B,H,C,D+Dv], C ≤ w = [1,2,4,10]", Message(() => SlidingWindow.Recurrent(q, k, v, 4, zeros(1, 2, 5, 10, dtype: ScalarType.Float64))));
        Assert.StartsWith("distanceBias: got [2,5], needs [H,w] = [2,4]", Message(() => SlidingWindow.Weights(q, k, 4, distanceBias: zeros(2, 5))));

        static string Message(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
