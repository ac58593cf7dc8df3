using System.Runtime.InteropServices;

namespace Attn.Kernels.Torch;

/// <summary>
/// The symbol version of libstdc++ that TorchSharp's binding asks for and that Debian 12 and Ubuntu 22.04 lack.
/// The one symbol behind it is never called, so a copy of the binding with that requirement made weak loads and computes.
/// </summary>
internal static partial class CppRuntime
{
    /// <summary>The file name of TorchSharp's native binding.</summary>
    public const string BindingName = "libLibTorchSharp.so";

    /// <summary>The version that <c>libLibTorchSharp.so</c> of TorchSharp 0.107.0 requires.</summary>
    public const string RequiredVersion = "GLIBCXX_3.4.32";

    /// <summary>Whether this process's libstdc++ defines <see cref="RequiredVersion"/>.</summary>
    public static bool IsNewEnough()
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out var library))
            return false;
        return dlvsym(library, "_ZSt21ios_base_library_initv", RequiredVersion) != 0;
    }

    /// <summary>
    /// Returns a path to the binding that this machine's libstdc++ can load: <paramref name="binding"/> itself, or a
    /// patched copy of it in <paramref name="cache"/>. The copy is named by the original's size and time, and written atomically.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is not the ELF library that the cure is known to fit.</exception>
    public static string LoadableBinding(string binding, string cache, bool newEnough)
    {
        if (newEnough)
            return binding;

        var info = new FileInfo(binding);
        var copy = Path.Combine(cache, $"libLibTorchSharp-{info.Length:x}-{info.LastWriteTimeUtc.Ticks:x}.so");
        if (File.Exists(copy) && new FileInfo(copy).Length == info.Length)
            return copy;

        var bytes = File.ReadAllBytes(binding);
        if (ElfVersionNeed.MakeWeak(bytes, RequiredVersion) == 0)
            return binding; // A binding without that requirement needs no cure.

        Directory.CreateDirectory(cache);
        var partial = $"{copy}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(partial, bytes);
        File.Move(partial, copy, overwrite: true);
        return copy;
    }

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlvsym(nint handle, string symbol, string version);
}
