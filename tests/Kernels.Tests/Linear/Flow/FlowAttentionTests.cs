using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class FlowAttentionTests
{
    private static readonly FlowOptions Neither = new() { Competition = false, Allocation = false };

    [Theory]
    [InlineData(128, 128)]
    [InlineData(128, 32)]
    [InlineData(32, 128)]
    public void Every_sink_takes_one_and_every_source_gives_one(int sinks, int sources)
    {
        using var scope = NewDisposeScope();
        var flows = FlowConservation.Of(Normal(1, 1, 2, sinks, 16), Normal(2, 1, 2, sources, 16));
        Assert.InRange(flows.Incoming, 0, 1e-5);
        Assert.InRange(flows.Outgoing, 0, 1e-5);
        Assert.InRange(flows.TotalIncoming, sources - 0.01, sources + 0.01);
        Assert.InRange(flows.TotalOutgoing, sinks - 0.01, sinks + 0.01);
    }

    [Fact]
    public void The_flows_are_what_their_definition_says()
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Normal(1, 1, 1, 7, 4), Normal(2, 1, 1, 5, 4));
        var stats = FlowAttention.Stats(q, k);
        var pairs = q.sigmoid().matmul(k.sigmoid().transpose(-2, -1)); // What would flow between each sink and each source.
        AssertClose(pairs.sum(3, keepdim: true), stats.Incoming, 1e-4);
        AssertClose(pairs.sum(2).unsqueeze(-1), stats.Outgoing, 1e-4);
        AssertClose((pairs / pairs.sum(2, keepdim: true)).sum(3, keepdim: true) * 7 / 5, stats.ConservedIncoming, 1e-4);
        AssertClose((pairs / pairs.sum(3, keepdim: true)).sum(2).unsqueeze(-1), stats.ConservedOutgoing, 1e-4);
        AssertClose(5 * stats.ConservedOutgoing.softmax(2), stats.Competition);
        AssertClose(stats.ConservedIncoming.sigmoid(), stats.Allocation);
    }

    [Fact]
    public void Without_competition_and_allocation_it_is_linear_attention()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 3, 37, 6, 5);
        foreach (var causal in new[] { false, true })
        {
            var linear = LinearAttention.Chunked(q, k, v, causal, featureMap: FlowOptions.Sigmoid).Output;
            AssertClose(linear, FlowAttention.Chunked(q, k, v, causal, options: Neither).Output, 1e-5);
            Assert.True(Error(FlowAttention.Chunked(q, k, v, causal).Output, linear) > 0.1);
        }
    }

    [Fact]
    public void With_more_sinks_than_sources_the_clamp_ends_the_competition()
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Normal(1, 1, 1, 256, 16), Normal(2, 1, 1, 64, 16));
        var (free, clamped) = (FlowAttention.Stats(q, k), FlowAttention.Stats(q, k, options: new() { Clamp = true }));
        Assert.True(free.ConservedOutgoing.min().item<double>() > 1);
        Assert.Equal(1, clamped.Competition.max().item<double>() / clamped.Competition.min().item<double>());
        Assert.True(free.Competition.max().item<double>() / free.Competition.min().item<double>() > 1.5);
    }

    [Fact]
    public void A_prefix_read_at_once_is_continued_token_by_token()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 20, 6, 4);
        var prefix = FlowAttention.Chunked(q.Part(0, 15), k.Part(0, 15), v.Part(0, 15));
        var rest = FlowAttention.Parallel(q.Part(15, 5), k.Part(15, 5), v.Part(15, 5), causal: true, prefix.State);
        var state = prefix.State;
        for (var t = 0; t < 5; t++)
        {
            var step = FlowAttention.Step(q.Part(15 + t, 1), k.Part(15 + t, 1), v.Part(15 + t, 1), state);
            AssertClose(rest.Output.Part(t, 1), step.Output);
            state = step.State;
        }
        AssertClose(rest.State!, state!);
        Assert.Equal([20.0, 20], state!.select(2, 6).narrow(2, 4, 2).flatten()[..2].data<double>().ToArray());
    }

    [Fact]
    public void Features_that_saturate_leave_all_finite()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (1e4f * Normal(1, ScalarType.Float32, 1, 1, 40, 4), 1e4f * Normal(2, ScalarType.Float32, 1, 1, 40, 4), Normal(3, ScalarType.Float32, 1, 1, 40, 4));
        foreach (var map in new[] { FlowOptions.Sigmoid, (Func<Tensor, Tensor>)FlowOptions.Relu })
            foreach (var causal in new[] { false, true })
            {
                var tracked = new[] { q, k, v }.Select(x => x.detach().clone().requires_grad_(true)).ToArray();
                var result = FlowAttention.Chunked(tracked[0], tracked[1], tracked[2], causal, chunk: 7, options: new() { FeatureMap = map });
                result.Output.square().sum().backward();
                Assert.All(tracked.Select(x => x.grad!).Append(result.Output).Append(result.State!), x => Assert.True(x.isfinite().all().item<bool>()));
            }
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 9, 6, 4);
        Assert.StartsWith("initialState: got [1,2,6,8], needs [B,H,F+1,Dv+4]", Message(() => FlowAttention.Chunked(q, k, v, initialState: zeros(1, 2, 6, 8, dtype: ScalarType.Float64))));
        Assert.StartsWith("k: got 8", Message(() => FlowAttention.Chunked(q, k.Part(0, 8), v.Part(0, 8), causal: true)));
        Assert.StartsWith("k: got 8", Message(() => FlowAttention.Stats(q, k.Part(0, 8), causal: true)));
        Assert.StartsWith("chunk: got 0", Message(() => FlowAttention.Chunked(q, k, v, chunk: 0)));

        static string Message(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
