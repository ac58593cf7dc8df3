using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Flash;

/// <summary>The comparison of notebook 73, on whatever device there is.</summary>
public class GpuAttentionTests
{
    [Fact]
    public void Both_ways_are_the_same_function()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (randn(1, 2, 33, 64, ScalarType.Float64), randn(1, 2, 33, 64, ScalarType.Float64), randn(1, 2, 33, 64, ScalarType.Float64));
        Assert.True((GpuAttention.Materialised(q, k, v) - GpuAttention.Fused(q, k, v)).abs().max().item<double>() < 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_call_is_made_on_the_tensors_asked_for(bool backward)
    {
        var calls = 0;
        Tensor Counted(Tensor q, Tensor k, Tensor v)
        {
            calls++;
            Assert.Equal([1, 2, 9, 64], q.shape);
            Assert.Equal((ScalarType.BFloat16, backward), (v.dtype, k.requires_grad));
            return GpuAttention.Fused(q, k, v);
        }
        using var scope = NewDisposeScope();
        GpuAttention.Call(Counted, length: 9, slices: 2, backward, CPU, dim: 64)();
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Memory_is_told_of_a_GPU_alone()
    {
        if (cuda.is_available())
            Assert.True(DeviceMemory.UsedBytes() > 0);
        else
            Assert.Contains("got no CUDA device", Assert.Throws<InvalidOperationException>(() => DeviceMemory.UsedBytes()).Message, StringComparison.Ordinal);
    }
}
