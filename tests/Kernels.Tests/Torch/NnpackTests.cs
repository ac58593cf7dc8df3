using System.Runtime.InteropServices;
using Attn.Kernels.Torch;

namespace Attn.Kernels.Tests.Torch;

public class NnpackTests
{
    [Fact]
    public unsafe void Libtorch_does_not_ask_for_it()
    {
        var chosen = LibTorch.EnsureLoaded().Chosen;
        Assert.SkipWhen(chosen is null, "not run: libtorch is TorchSharp's to load here");
        var libtorch = NativeLibrary.Load(Path.Combine(chosen!.Folder, LibTorchCandidate.Core));
        var context = ((delegate* unmanaged<nint>)NativeLibrary.GetExport(libtorch, "_ZN2at13globalContextEv"))();
        var asks = (delegate* unmanaged<nint, byte>)NativeLibrary.GetExport(libtorch, "_ZNK2at7Context17userEnabledNNPACKEv");
        Assert.Equal(0, asks(context));
    }

    [Fact]
    public void A_library_without_the_switch_is_left_alone() => Assert.False(Nnpack.TryTurnOff(NativeLibrary.GetMainProgramHandle()));
}
