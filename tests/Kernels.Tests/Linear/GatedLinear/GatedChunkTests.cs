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
}
