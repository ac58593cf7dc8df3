using System.Runtime.InteropServices;

namespace Attn.Kernels.Torch;

/// <summary>
/// One of libtorch's libraries for convolutions. On a processor that it does not know it writes 'Could not initialize NNPACK' for every convolution,
/// and libtorch uses another.
/// </summary>
internal static unsafe class Nnpack
{
    /// <summary>Has libtorch not ask for it; false where its build has no such switch.</summary>
    /// <param name="libtorch">The loaded <c>libtorch_cpu</c>.</param>
    public static bool TryTurnOff(nint libtorch)
    {
        // at::globalContext().setUserEnabledNNPACK(false), of which PyTorch's torch.backends.nnpack is made too.
        if (!NativeLibrary.TryGetExport(libtorch, "_ZN2at13globalContextEv", out var context)
            || !NativeLibrary.TryGetExport(libtorch, "_ZN2at7Context20setUserEnabledNNPACKEb", out var enable))
            return false;
        ((delegate* unmanaged<nint, byte, void>)enable)(((delegate* unmanaged<nint>)context)(), 0);
        return true;
    }
}
