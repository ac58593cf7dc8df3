using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class RalaTests
{
    private static Tensor Elu1(Tensor x) => LinearAttention.EluPlusOne(x);

    [Fact]
    public void Alpha_is_a_softmax_over_tokens_times_their_number()
    {
        using var scope = NewDisposeScope();
        var (q, k, _) = Qkv(2, 3, 35, 6, 5);
        var text = 35 * (Elu1(k) * q.mean([2], true)).sum(-1).div(Math.Sqrt(6)).softmax(-1);
        var code = 35 * (Elu1(k) * Elu1(q).mean([2], true)).sum(-1).div(Math.Sqrt(6)).softmax(-1);
        AssertClose(text, Rala.Alpha(q, k));
        AssertClose(code, Rala.Alpha(q, k, GlobalQuery.MeanOfFeatures));
        AssertClose(ones_like(text), Rala.Alpha(q, k, GlobalQuery.None));
        Assert.True(Error(text, code) > 0.1);
    }

    [Fact]
    public void The_buffer_is_the_weighed_sum_and_the_output_reads_it()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 3, 35, 6, 5);
        var weighed = Elu1(k) * Rala.Alpha(q, k).unsqueeze(-1);
        AssertClose(weighed.transpose(-2, -1).matmul(v), Rala.KvBuffer(q, k, v));
        var gate = Normal(9, 2, 3, 35, 5);
        var expected = gate * Elu1(q).matmul(Rala.KvBuffer(q, k, v)) / Elu1(q).matmul(weighed.sum(2).unsqueeze(-1));
        AssertClose(expected, Rala.Parallel(q, k, v, gate));
    }

    [Fact]
    public void Without_a_global_query_it_is_linear_attention()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 3, 35, 6, 5);
        AssertClose(LinearAttention.Parallel(q, k, v).Output, Rala.Parallel(q, k, v, null, GlobalQuery.None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_times_values_are_the_output_before_the_gate(bool onGrid)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 35, 8, 5);
        var places = onGrid ? MdLrpe.Grid(5, 7) : null;
        foreach (var global in Enum.GetValues<GlobalQuery>())
        {
            var weights = Rala.Weights(q, k, null, global, places);
            AssertClose(Rala.Parallel(q, k, v, null, global, places), weights.matmul(v));
            AssertClose(Rala.Chunked(q, k, v, null, global, places, chunk: 8), weights.matmul(v));
            AssertClose(weights.index_select(2, tensor(new long[] { 34, 3 })), Rala.Weights(q, k, [34, 3], global, places));
            var furthest = (weights.sum(-1) - 1).abs().max().item<double>();
            Assert.True(onGrid ? furthest > 1e-3 : furthest < 1e-12, $"a row's sum is off by {furthest}");
        }
    }

    [Fact]
    public void Places_count_by_their_differences_alone()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 35, 8, 5);
        Tensor At(Tensor places) => Rala.Parallel(q, k, v, coordinates: places);
        AssertClose(At(MdLrpe.Grid(5, 7)), At(MdLrpe.Grid(5, 7) + 100));
        Assert.True(Error(At(MdLrpe.Grid(7, 5)), At(MdLrpe.Grid(5, 7))) > 1e-3);
    }

    [Fact]
    public void A_gate_lifts_the_rank_of_the_output_and_a_constant_one_does_not()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 1, 90, 4, 24);
        double Rank(Tensor gate) => RankDiagnostics.Numerical(Rala.Parallel(q, k, v, gate), 1e-10).item<double>();
        Assert.Equal(4, Rank(Normal(3, 1, 1, 1, 24).expand(1, 1, 90, 24)));
        Assert.Equal(12, Rank(Normal(3, 1, 1, 90, 3).matmul(Normal(4, 1, 1, 3, 24))));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 9, 6, 4);
        Assert.StartsWith("gate: got [1,2,9,6], needs [B,H,T,Dv] = [1,2,9,4]", Message(() => Rala.Parallel(q, k, v, q)));
        Assert.StartsWith("k: got 8", Message(() => Rala.Alpha(q, k.Part(0, 8))));
        Assert.StartsWith("chunk: got 0", Message(() => Rala.Chunked(q, k, v, chunk: 0)));
        Assert.StartsWith("coordinates: got [8,2]", Message(() => Rala.Parallel(q, k, v, coordinates: MdLrpe.Grid(2, 4))));
        Assert.StartsWith("rows: got 9", Message(() => Rala.Weights(q, k, [9])));
        Assert.StartsWith("global: got 7", Message(() => Rala.Alpha(q, k, (GlobalQuery)7)));

        static string Message(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
