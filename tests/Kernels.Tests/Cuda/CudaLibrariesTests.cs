using Attn.Kernels.Cuda;
using Attn.Kernels.Tests.Torch;

namespace Attn.Kernels.Tests.Cuda;

public class CudaLibrariesTests
{
    [Theory]
    [InlineData("libnvrtc.so.13")]
    [InlineData("libnvrtc-1ea278b5.so.12")]
    public void Nvrtc_beside_libtorch_is_found_whatever_its_name(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "libnvrtc-builtins.so.13.0"), "");
        File.WriteAllText(Path.Combine(folder.Path, name), "");
        Assert.Equal(name, Path.GetFileName(CudaLibraries.FindNvrtc(folder.Path)));
    }

    [Fact]
    public void Nvrtc_of_the_packages_beside_a_pytorch_is_found()
    {
        using var site = new TemporaryFolder();
        var torch = Directory.CreateDirectory(Path.Combine(site.Path, "torch", "lib")).FullName;
        var packaged = Directory.CreateDirectory(Path.Combine(site.Path, "nvidia", "cu13", "lib")).FullName;
        File.WriteAllText(Path.Combine(packaged, "libnvrtc.so.13"), "");
        Assert.Equal(Path.Combine(packaged, "libnvrtc.so.13"), CudaLibraries.FindNvrtc(torch));
    }
}
