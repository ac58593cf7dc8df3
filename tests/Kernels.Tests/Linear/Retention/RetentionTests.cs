using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class RetentionTests
{
    private static Tensor Decay => DecaySlopes.LogDecay(DecaySlopes.Retention(2), ScalarType.Float64);

    [Fact]
    public void Pieces_hand_the_state_on_without_being_told_their_place()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 90, 8, 5);
        var whole = Retention.Parallel(q, k, v, Decay);
        var first = Retention.Chunked(q.Part(0, 37), k.Part(0, 37), v.Part(0, 37), Decay);
        var second = Retention.Chunked(q.Part(37, 52), k.Part(37, 52), v.Part(37, 52), Decay, first.State, chunk: 10);
        var last = Retention.Step(q.Part(89, 1), k.Part(89, 1), v.Part(89, 1), Decay, second.State);
        AssertClose(whole.Output, cat([first.Output, second.Output, last.Output], 2));
        AssertClose(whole.State!, last.State!);
    }

    [Fact]
    public void The_weights_times_the_values_are_the_output()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 30, 7, 5); // An odd width: its last channel is not turned.
        AssertClose(Retention.Chunked(q, k, v, Decay).Output, Retention.Weights(q, k, Decay).matmul(v));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 3, 30, 8, 5);
        Assert.StartsWith("logDecay: got [1,2,1,1]", Assert.Throws<ArgumentException>(() => Retention.Parallel(q, k, v, Decay)).Message);
        Assert.StartsWith("logDecay: got [1,2,1,1]", Assert.Throws<ArgumentException>(() => Retention.Weights(q, k, Decay)).Message);
    }
}
