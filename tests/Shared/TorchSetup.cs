using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Attn.Kernels.Torch;

namespace Attn.Tests;

internal static partial class TorchSetup
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Tests may touch TorchSharp before anything of Attn.Kernels.")]
    internal static void Load()
    {
        // Test programs run side by side, and OpenMP's threads wait for one another by spinning: with one each, none takes the other's core.
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment("OMP_NUM_THREADS", "1", overwrite: 0);
        LibTorch.LoadWithTorchSharp();
    }

    // OpenMP reads the process's own environment, of which .NET has a copy.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
