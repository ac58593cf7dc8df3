using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class LightNetTests
{
    [Fact]
    public void The_causal_state_is_the_softmax_over_tokens_and_knows_no_order()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 50, 6, 4);
        var state = LightNet.Chunked(q, k, v, causal: true).State!;
        AssertClose(k.softmax(2).transpose(-2, -1).matmul(v), state.narrow(3, 0, 4));
        AssertClose(k.logsumexp(2), state.select(3, 4));
        var order = randperm(50);
        var shuffled = LightNet.Chunked(q, k.index_select(2, order), v.index_select(2, order), causal: true, chunk: 7).State!;
        AssertClose(state, shuffled);
    }

    [Fact]
    public void Weights_times_values_are_the_output_causal_or_not()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 30, 6, 4);
        foreach (var causal in new[] { false, true })
        {
            var weights = LightNet.Weights(q, k, causal, scale: 0.5);
            AssertClose(LightNet.Chunked(q, k, v, causal, scale: 0.5).Output, weights.matmul(v));
            AssertClose(weights.index_select(2, tensor(new long[] { 29, 3 })), LightNet.Weights(q, k, causal, [29, 3], 0.5));
        }
    }

    [Fact]
    public void A_step_continues_a_call_of_either_kind()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 30, 6, 4);
        var whole = LightNet.Parallel(q, k, v, causal: true);
        foreach (var causal in new[] { false, true })
        {
            var before = LightNet.Chunked(q.Part(0, 29), k.Part(0, 29), v.Part(0, 29), causal).State;
            AssertClose(whole.Output.Part(29, 1), LightNet.Step(q.Part(29, 1), k.Part(29, 1), v.Part(29, 1), before).Output);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_layer_is_causal_or_sees_all(bool causal)
    {
        using var scope = NewDisposeScope();
        using var layer = new LightNetLayer(12, 4, causal);
        var x = Normal(1, ScalarType.Float32, 2, 20, 12);
        var changed = x.clone();
        changed.narrow(1, 19, 1).add_(1);
        var first = (layer.call(x) - layer.call(changed)).narrow(1, 0, 19).abs().max().item<float>();
        Assert.Equal(!causal, first > 1e-4f);
        layer.call(x).square().sum().backward();
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().item<float>() > 0));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 9, 6, 4);
        Assert.StartsWith("initialState: got [1,2,6,4], needs [B,H,D,Dv+1]", Message(() => LightNet.Chunked(q, k, v, initialState: zeros(1, 2, 6, 4, dtype: ScalarType.Float64))));
        Assert.StartsWith("k: got 8", Message(() => LightNet.Chunked(q, k.Part(0, 8), v.Part(0, 8), causal: true)));
        Assert.StartsWith("chunk: got 0", Message(() => LightNet.Chunked(q, k, v, chunk: 0)));
        Assert.StartsWith("dim: got 10 channels", Message(() => new LightNetLayer(10, 4, causal: true)));

        static string Message(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
