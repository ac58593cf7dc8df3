using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class ScalarDecayTests
{
    private static Tensor DataDecay(long batch, long heads, long length) => -(Normal(7, batch, heads, length, 1).abs() * 0.2);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Any_chunk_size_gives_the_same_function(int chunk)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 3, 131, 9, 5);
        var (decay, state) = (DataDecay(2, 3, 131), Normal(8, 2, 3, 9, 5));
        var expected = ScalarDecay.Recurrent(q, k, v, decay, state, scale: 0.3);
        var actual = ScalarDecay.Chunked(q, k, v, decay, state, chunk, scale: 0.3);
        AssertClose(expected.Output, actual.Output);
        AssertClose(expected.State!, actual.State!);
    }

    [Fact]
    public void A_decay_given_once_a_head_equals_one_given_for_every_token_and_sequence()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 3, 70, 8, 4);
        var perHead = -rand([1, 3, 1, 1], ScalarType.Float64);
        var expected = ScalarDecay.Chunked(q, k, v, perHead.expand(2, 3, 70, 1).contiguous());
        var actual = ScalarDecay.Chunked(q, k, v, perHead);
        AssertClose(expected.Output, actual.Output);
        AssertClose(expected.State!, actual.State!);
    }

    [Fact]
    public void Pieces_of_any_size_and_single_steps_hand_the_state_on()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 150, 6, 7);
        var decay = DataDecay(1, 2, 150);
        var whole = ScalarDecay.Chunked(q, k, v, decay);
        Tensor? state = null;
        var outputs = new List<Tensor>();
        for (long start = 0, size = 1; start < 150; start += size, size = Math.Min(150 - start, 3 * size))
        {
            var (qi, ki, vi, di) = (q.Part(start, size), k.Part(start, size), v.Part(start, size), decay.Part(start, size));
            var piece = size == 1 ? ScalarDecay.Step(qi, ki, vi, di, state) : ScalarDecay.Chunked(qi, ki, vi, di, state);
            outputs.Add(piece.Output);
            state = piece.State;
        }
        AssertClose(whole.Output, cat(outputs, 2));
        AssertClose(whole.State!, state!);
    }

    [Fact]
    public void The_weights_times_the_values_are_the_output_in_chosen_rows_too()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 40, 6, 6);
        var decay = DataDecay(1, 2, 40);
        var weights = ScalarDecay.Weights(q, k, decay, scale: 0.5);
        AssertClose(ScalarDecay.Parallel(q, k, v, decay, scale: 0.5).Output, weights.matmul(v));
        AssertClose(weights.index_select(2, tensor(new long[] { 39, 0, 17 })), ScalarDecay.Weights(q, k, decay, [39, 0, 17], 0.5));
        Assert.Equal(0, weights.triu(1).abs().max().item<double>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-8)]
    [InlineData(-50)]
    [InlineData(-1e6)]
    [InlineData(double.NegativeInfinity)]
    public void Extreme_decays_give_numbers_and_the_recurrence(double logDecay)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 1, 200, 4, 4);
        (q, k, v) = (q.to(ScalarType.Float32).requires_grad_(true), k.to(ScalarType.Float32), v.to(ScalarType.Float32));
        var decay = full([1, 1, 200, 1], logDecay, ScalarType.Float32);
        decay[0, 0, 90, 0] = -0.1f; // One ordinary token amid the others.
        var expected = ScalarDecay.Recurrent(q, k, v, decay);
        foreach (var result in new[] { ScalarDecay.Chunked(q, k, v, decay), ScalarDecay.Parallel(q, k, v, decay) })
        {
            AssertClose(expected.Output, result.Output, 1e-5);
            AssertClose(expected.State!, result.State!, 1e-5);
        }
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 3, 10, 4, 4);
        var decay = DataDecay(2, 3, 10);
        Assert.StartsWith("logDecay: got [2,3,9,1]", Message(() => ScalarDecay.Chunked(q, k, v, decay.Part(0, 9))));
        Assert.StartsWith("logDecay: got rank 3", Message(() => ScalarDecay.Parallel(q, k, v, decay.squeeze(-1))));
        Assert.StartsWith("logDecay: got null", Message(() => ScalarDecay.Recurrent(q, k, v, null!)));
        Assert.StartsWith("logDecay: got a largest value of", Message(() => ScalarDecay.Recurrent(q, k, v, -decay)));
        Assert.StartsWith("logDecay: got a largest value of NaN", Message(() => ScalarDecay.Recurrent(q, k, v, decay * double.NaN)));
        Assert.StartsWith("initialState: got [2,3,4,5]", Message(() => ScalarDecay.Chunked(q, k, v, decay, zeros(2, 3, 4, 5, dtype: ScalarType.Float64))));
        Assert.StartsWith("chunk: got 0", Message(() => ScalarDecay.Chunked(q, k, v, decay, chunk: 0)));
        Assert.StartsWith("scale: got -1", Message(() => ScalarDecay.Chunked(q, k, v, decay, scale: -1)));
        Assert.StartsWith("k: got 9", Message(() => ScalarDecay.Chunked(q, k.Part(0, 9), v.Part(0, 9), decay)));

        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
