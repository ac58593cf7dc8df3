using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Attn.Kernels.Torch;

/// <summary>
/// Makes the first use of TorchSharp fail with our message when libtorch could not be loaded. Left alone, TorchSharp copies half a
/// gigabyte of natives beside the program, fails all the same, and prints a page of trace.
/// </summary>
internal static class TorchSharpRefusal
{
    /// <summary>Arranges that every native call of <paramref name="torchSharp"/> throws a <see cref="DllNotFoundException"/> with this message.</summary>
    public static void Install(Assembly torchSharp, string message)
    {
        // Its static constructor only asks whether two libraries can be loaded by name; the C library stands in for both,
        // and the first real call, in the same constructor, then meets the resolver.
        AssemblyLoadContext.GetLoadContext(torchSharp)!.ResolvingUnmanagedDll +=
            (asking, _) => asking == torchSharp ? NativeLibrary.Load("libc.so.6") : 0;
        NativeLibrary.SetDllImportResolver(torchSharp, (_, _, _) => throw new DllNotFoundException(message));
    }
}
