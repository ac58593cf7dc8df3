using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Cuda;

/// <summary>Kernels read sixteen bytes at a time: what does not lie so is copied first; no GPU needed.</summary>
public class ReadableTests
{
    [Fact]
    public void A_tensor_that_lies_well_is_taken_as_it_is()
    {
        using var scope = NewDisposeScope();
        var x = randn([2, 3, 64], ScalarType.BFloat16);
        Assert.True(CudaKernel.CanRead(x));
        Assert.Same(x, CudaKernel.Readable(x));
    }

    [Fact]
    public void A_view_that_begins_between_is_copied_and_so_is_one_with_gaps()
    {
        using var scope = NewDisposeScope();
        var shifted = arange(1, 130).to(ScalarType.BFloat16).narrow(0, 1, 128).view(2, 64);
        var turned = randn([64, 16], ScalarType.BFloat16).t();
        Assert.True(shifted.is_contiguous());
        foreach (var view in new[] { shifted, turned })
        {
            Assert.False(CudaKernel.CanRead(view));
            var copy = CudaKernel.Readable(view);
            Assert.True(CudaKernel.CanRead(copy) && copy.eq(view).all().item<bool>());
        }
    }
}
