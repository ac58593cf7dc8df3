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
    public void A_call_is_timed_on_the_tensors_asked_for(bool backward)
    {
        var calls = 0;
        Tensor Counted(Tensor q, Tensor k, Tensor v)
        {
            calls++;
            Assert.Equal([1, 2, 9, 64], q.shape);
            Assert.Equal((ScalarType.BFloat16, backward), (v.dtype, k.requires_grad));
            return GpuAttention.Fused(q, k, v);
        }
        var collections = GC.CollectionCount(2);
        Assert.True(GpuAttention.Milliseconds(Counted, length: 9, slices: 2, backward, CPU) > 0);
        Assert.True(calls > 5, $"{calls} calls for five rounds");
        // After at most a thousand a collection; after 150 where each leaves what autograd keeps.
        Assert.InRange(calls, 1, (backward ? 150 : 1000) * (GC.CollectionCount(2) - collections));
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
