using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Memory;

public class NeuralMemoryTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 7)]
    [InlineData(2, 64)]
    public void Chunks_are_the_recurrence_for_any_depth(int depth, int chunk)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 33, 4, 5);
        var (state, gates) = (Fresh(depth, 4, 5), Slow(TitansDraws.Gates(2, 2, 33)));
        var (recurrent, after) = NeuralMemory.Recurrent(q, k, v, gates, state, chunk);
        var (chunked, afterChunks) = NeuralMemory.Chunked(q, k, v, gates, state, chunk);
        AssertClose(recurrent, chunked);
        foreach (var (one, other) in after.Weights.Concat(after.Momentum).Zip(afterChunks.Weights.Concat(afterChunks.Momentum)))
            AssertClose(one, other);
    }

    [Fact]
    public void One_layer_is_the_matrix_memory()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 33, 4, 5);
        var (state, gates) = (Fresh(1, 4, 5), TitansDraws.Gates(2, 2, 33));
        var matrix = Titans.Recurrent(q, k, v, gates, cat([state.Weights[0], state.Momentum[0]], 2), GradientAt.ChunkStart, 8);
        AssertClose(matrix.Output, NeuralMemory.Chunked(q, k, v, gates, state, 8).Output);
    }

    [Fact]
    public void A_step_goes_down_the_gradient_that_autograd_gives_in_all_layers_at_once()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 1, 1, 4, 5);
        var state = Fresh(3, 4, 5, batch: 1, heads: 1);
        var leaves = state.Weights.Select(layer => layer.clone().requires_grad_(true)).ToArray();
        (NeuralMemory.Read(NeuralMemoryState.Fresh(leaves), k) - v).square().sum().backward();
        var after = NeuralMemory.Recurrent(q, k, v, MemoryGates.Constant(0.1, 0, 0, k), state).State;
        foreach (var (leaf, moved) in leaves.Zip(after.Weights))
            AssertClose(leaf.detach() - 0.1 * leaf.grad!, moved);
    }

    [Fact]
    public void A_state_handed_over_between_chunks_continues()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 33, 4, 5);
        var (state, gates) = (Fresh(2, 4, 5), Slow(TitansDraws.Gates(2, 2, 33)));
        var first = NeuralMemory.Chunked(q.Part(0, 16), k.Part(0, 16), v.Part(0, 16), gates.Part(0, 16), state, 8);
        var second = NeuralMemory.Chunked(q.Part(16, 17), k.Part(16, 17), v.Part(16, 17), gates.Part(16, 17), first.State, 8);
        AssertClose(NeuralMemory.Chunked(q, k, v, gates, state, 8).Output, cat([first.Output, second.Output], 2));
    }

    [Fact]
    public void Layers_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 9, 4, 5);
        var gates = TitansDraws.Gates(2, 2, 9);
        Assert.StartsWith("state: got [2,2,4,6], needs layer 0 [B,H,inputs,outputs] = [2,2,4,5]", Message(Fresh(1, 4, 6)));
        Assert.StartsWith("state: got 0 layers", Message(new([], [])));
        Assert.StartsWith("chunk: got 0", Assert.Throws<ArgumentException>(() => NeuralMemory.Chunked(q, k, v, gates, Fresh(1, 4, 5), 0)).Message);

        string Message(NeuralMemoryState state) => Assert.Throws<ArgumentException>(() => NeuralMemory.Recurrent(q, k, v, gates, state)).Message;
    }

    /// <summary>Steps at which the inner descent of a deep memory is stable.</summary>
    private static MemoryGates Slow(MemoryGates gates) => gates with { Step = 0.2 * gates.Step };

    private static NeuralMemoryState Fresh(int depth, long inputs, long outputs, long batch = 2, long heads = 2)
    {
        const long Hidden = 7;
        return NeuralMemoryState.Fresh([.. Enumerable.Range(0, depth).Select(l =>
            0.4 * Normal(300 + l, batch, heads, l == 0 ? inputs : Hidden, l == depth - 1 ? outputs : Hidden))]);
    }
}
