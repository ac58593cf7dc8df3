using Attn.Kernels.Torch;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Torch;

public class LibTorchTests
{
    [Fact]
    public void Torch_computes_on_this_machine()
    {
        LibTorch.EnsureLoaded();
        using var a = ones(3, 3);
        using var sum = a.sum();
        Assert.Equal(9, sum.item<float>());
    }
}
