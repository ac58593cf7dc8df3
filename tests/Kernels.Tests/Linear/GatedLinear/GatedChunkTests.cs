using static TorchSharp.torch;
using Gated = Attn.Kernels.GatedLinear;

namespace Attn.Kernels.Tests.Linear.GatedLinear;

/// <summary>The chunked form beyond one stretch of chunks, and in chunks that their sub-chunks do not fill.</summary>
public class GatedChunkTests
{
    [Theory]
    [InlineData(2500, 64, 2)]
    [InlineData(65, 64, 4)]
    [InlineData(1025, 64, 16)]
    [InlineData(1100, 500, 7)]
    [InlineData(130, 48, 16)]
    [InlineData(70, 30, 64)]
    [InlineData(33, 64, 1)]
    public void Chunks_equal_the_recurrence(int length, int chunk, int subChunk)
    {
        using var scope = NewDisposeScope();
        var x = AttentionInputs.Random(Catalog.Find("gated-linear"), AttentionShape.Self(1, 2, length, 4), dtype: ScalarType.Float64, initialState: true);
        var exact = Gated.Recurrent(x.Q, x.K, x.V, x.Tensor("logGate"), x.InitialState);
        var chunked = Gated.Chunked(x.Q, x.K, x.V, x.Tensor("logGate"), x.InitialState, chunk, subChunk);
        Assert.Equal(exact.Output.shape, chunked.Output.shape);
        Assert.True((exact.Output - chunked.Output).abs().max().item<double>() < 1e-11);
        Assert.True((exact.State! - chunked.State!).abs().max().item<double>() < 1e-11);
    }

    [Theory]
    [InlineData(-0.999)]
    [InlineData(-1.001)]
    public void Gradients_are_right_about_as_deep_as_a_chunk_is_worked_on_at_once(double bitsToken)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        const int Length = 128;
        var gate = full([1, 2, Length, 8], bitsToken * Math.Log(2));
        Tensor[] inputs = [randn(1, 2, Length, 8), randn(1, 2, Length, 8), randn(1, 2, Length, 8), gate];
        var weights = randn(1, 2, Length, 8);
        Tensor[] Gradients(ScalarType dtype, Func<Tensor[], AttentionOutput> form)
        {
            Tensor[] leaves = [.. inputs.Select(input => input.to(dtype).detach().clone().requires_grad_(true))];
            return [.. autograd.grad([(form(leaves).Output * weights.to(dtype)).sum()], leaves)];
        }
        var exact = Gradients(ScalarType.Float64, x => Gated.Recurrent(x[0], x[1], x[2], x[3]));
        var chunked = Gradients(ScalarType.Float32, x => Gated.Chunked(x[0], x[1], x[2], x[3]));
        Assert.All(exact.Zip(chunked), pair => Assert.InRange((pair.First - pair.Second).norm().item<double>() / pair.First.norm().item<double>(), 0, 1e-4));
    }
}
