using Attn.Kernels.Torch;
using Attn.Tests;

namespace Attn.Kernels.Tests.Torch;

public class CppRuntimeTests
{
    [Fact]
    public void A_new_enough_runtime_gets_the_original()
    {
        using var cache = new TemporaryFolder();
        Assert.Equal(TorchFiles.Binding, CppRuntime.LoadableBinding(TorchFiles.Binding, cache.Location, newEnough: true));
        Assert.Empty(Directory.GetFiles(cache.Location));
    }

    [Fact]
    public void An_old_runtime_gets_a_patched_copy_and_the_original_stays()
    {
        using var cache = new TemporaryFolder();
        var before = File.ReadAllBytes(TorchFiles.Binding);
        var copy = CppRuntime.LoadableBinding(TorchFiles.Binding, cache.Location, newEnough: false);
        Assert.NotEqual(before, File.ReadAllBytes(copy));
        Assert.Equal(before, File.ReadAllBytes(TorchFiles.Binding));
        Assert.Equal(copy, Assert.Single(Directory.GetFiles(cache.Location)));
    }

    [Fact]
    public void A_copy_that_was_cut_short_is_made_again()
    {
        using var cache = new TemporaryFolder();
        var copy = CppRuntime.LoadableBinding(TorchFiles.Binding, cache.Location, newEnough: false);
        File.WriteAllText(copy, "half");
        Assert.Equal(copy, CppRuntime.LoadableBinding(TorchFiles.Binding, cache.Location, newEnough: false));
        Assert.Equal(new FileInfo(TorchFiles.Binding).Length, new FileInfo(copy).Length);
    }

    [Fact]
    public void A_binding_that_is_no_library_is_refused()
    {
        using var cache = new TemporaryFolder();
        var fake = Path.Combine(cache.Location, "libLibTorchSharp.so");
        File.WriteAllText(fake, "not a library");
        Assert.Throws<InvalidDataException>(() => CppRuntime.LoadableBinding(fake, cache.Location, newEnough: false));
    }
}
