using Attn.Kernels.Cuda;
using Attn.Tests;

namespace Attn.Kernels.Tests.Cuda;

public class CudaLibrariesTests
{
    [Theory]
    [InlineData("libnvrtc.so.13")]
    [InlineData("libnvrtc-1ea278b5.so.12")]
    public void Nvrtc_beside_libtorch_is_found_whatever_its_name(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Location, "libnvrtc-builtins.so.13.0"), "");
        File.WriteAllText(Path.Combine(folder.Location, name), "");
        Assert.Equal(name, Path.GetFileName(CudaLibraries.FindNvrtc(folder.Location)));
    }

    [Fact]
    public void Nvrtc_of_the_packages_beside_a_pytorch_is_found()
    {
        using var site = new TemporaryFolder();
        var torch = Directory.CreateDirectory(Path.Combine(site.Location, "torch", "lib")).FullName;
        var packaged = Directory.CreateDirectory(Path.Combine(site.Location, "nvidia", "cu13", "lib")).FullName;
        File.WriteAllText(Path.Combine(packaged, "libnvrtc.so.13"), "");
        Assert.Equal(Path.Combine(packaged, "libnvrtc.so.13"), CudaLibraries.FindNvrtc(torch));
    }
}
