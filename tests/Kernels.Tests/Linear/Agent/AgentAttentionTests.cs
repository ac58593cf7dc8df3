using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class AgentAttentionTests
{
    [Fact]
    public void Features_are_those_of_linear_attention_of_rank_n()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 64, 6, 5);
        var agents = AgentPool.FromQueries(q, 8, 8, 3, 3);
        var (queries, keys) = AgentAttention.Features(q, k, agents);
        var weights = AgentAttention.Weights(q, k, agents);
        AssertClose(queries.matmul(keys.transpose(-2, -1).matmul(v)), AgentAttention.Forward(q, k, v, agents));
        AssertClose(ones_like(weights.select(3, 0)), weights.sum(-1));
        Assert.All(linalg.matrix_rank(weights).flatten().data<long>().ToArray(), rank => Assert.Equal(9, rank));
    }

    [Fact]
    public void One_agent_gives_every_token_the_same()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 20, 6, 5);
        var output = AgentAttention.Forward(q, k, v, Normal(7, 1, 2, 1, 6));
        AssertClose(output.Part(0, 1).expand_as(output), output);
    }

    [Fact]
    public void Scale_exponent_and_biases_go_where_they_belong()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 20, 6, 5);
        var (agents, keyBias, queryBias) = (Normal(7, 1, 2, 4, 6), Normal(8, 2, 4, 20), Normal(9, 20, 4));
        var options = new AgentOptions { Scale = 0.5, BroadcastExponent = 0.3, KeyBias = keyBias, QueryBias = queryBias };
        var gathered = (0.5 * agents.matmul(k.transpose(-2, -1)) + keyBias).softmax(-1).matmul(v);
        var expected = (Math.Pow(0.5, 0.3) * q.matmul(agents.transpose(-2, -1)) + queryBias).softmax(-1).matmul(gathered);
        AssertClose(expected, AgentAttention.Forward(q, k, v, agents, options));
        AssertClose(expected, AgentAttention.Parallel(q, k, v, agents, options));
    }

    [Fact]
    public void Agents_are_the_means_of_the_queries_of_a_region()
    {
        using var scope = NewDisposeScope();
        var q = Normal(1, 2, 3, 4 * 6, 5);
        var pooled = AgentPool.FromQueries(q, 4, 6, 2, 3);
        var region = q.unflatten(2, [4, 6]).narrow(2, 2, 2).narrow(3, 4, 2).mean([2, 3]);
        AssertClose(region, pooled.select(2, 5));
        AssertClose(q, AgentPool.FromQueries(q, 4, 6, 4, 6));
    }

    [Fact]
    public void In_a_trained_model_a_shortcut_is_added_and_too_many_agents_give_softmax()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 16, 6, 6);
        var (few, many) = (AgentPool.FromQueries(q, 4, 4, 2, 2), AgentPool.FromQueries(q, 4, 4, 4, 2));
        AssertClose(AgentAttention.Forward(q, k, v, few, new() { BroadcastExponent = 0.3 }) + 0.075 * v, AgentSd.Apply(q, k, v, few));
        AssertClose(Softmax.Plain(q, k, v), AgentSd.Apply(q, k, v, many));
    }

    [Fact]
    public void Biases_are_a_map_an_agent_stretched_over_the_grid_and_lines()
    {
        using var scope = NewDisposeScope();
        using var bias = new AgentBias(2, 4, 7, 7);
        var (keys, queries) = bias.Both();
        Assert.Equal([2L, 4, 49], keys.shape);
        Assert.Equal([2L, 49, 4], queries.shape);
        Assert.InRange(keys.std().item<float>(), 0.02f, 0.05f);
        var named = bias.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        var expected = named["_keyMap"] + named["_keyRows"] + named["_keyColumns"]; // On a grid of 7 × 7 nothing is stretched.
        AssertClose(expected.flatten(2), keys, 1e-6);
        AssertClose(named["_queryMap"].permute(0, 2, 3, 1) + named["_queryRows"] + named["_queryColumns"], queries.unflatten(1, [7, 7]), 1e-6);
    }

    [Theory]
    [InlineData(36, 6, 6)]
    [InlineData(35, 5, 7)]
    [InlineData(35, null, null)]
    public void The_layer_learns_all_it_has(int tokens, int? height, int? width)
    {
        using var scope = NewDisposeScope();
        using var layer = new AgentLayer(new(12, 3) { AgentSide = 3, Grid = height is { } rows && width is { } columns ? (rows, columns) : null });
        var x = Normal(1, ScalarType.Float32, 2, tokens, 12);
        var output = layer.call(x);
        Assert.Equal(x.shape, output.shape);
        output.square().sum().backward();
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().item<float>() > 0));
    }

    [Fact]
    public void Without_a_convolution_a_grid_is_no_more_than_its_agents()
    {
        using var scope = NewDisposeScope();
        using var layer = new AgentLayer(new(12, 3) { AgentSide = 1, Convolution = false });
        var output = layer.call(Normal(1, ScalarType.Float32, 2, 36, 12));
        AssertClose(output.narrow(1, 0, 1).expand_as(output), output, 1e-5);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 20, 6, 5);
        var agents = Normal(7, 1, 2, 4, 6);
        Assert.StartsWith("KeyBias: got [4,19], needs a shape that broadcasts to [1,2,4,20]", Message(() => AgentAttention.Forward(q, k, v, agents, new() { KeyBias = zeros(4, 19) })));
        Assert.StartsWith("QueryBias: got [4]", Message(() => AgentAttention.Forward(q, k, v, agents, new() { QueryBias = zeros(4) })));
        Assert.StartsWith("scale: got -1", Message(() => AgentAttention.Forward(q, k, v, agents, new() { Scale = -1 })));
        Assert.StartsWith("height: got a grid of 4 × 4, needs one of 20 tokens", Message(() => AgentPool.FromQueries(q, 4, 4, 2, 2)));
        Assert.StartsWith("rows: got 5", Message(() => AgentPool.FromQueries(q, 4, 5, 5, 2)));
        Assert.StartsWith("Dim: got 10 channels", Message(() => new AgentLayer(new(10, 4))));
        Assert.StartsWith("agents: got 0", Message(() => new AgentBias(2, 0, 7, 7)));

        static string Message(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
