using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Attn.Kernels.Torch;

namespace Attn.Tests;

internal static class TorchSetup
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Tests may touch TorchSharp before anything of Attn.Kernels.")]
    internal static void Load()
    {
        // Test programs run side by side: with one thread each, none takes the other's core.
        OpenMp.Default("OMP_NUM_THREADS", "1");
        LibTorch.LoadWithTorchSharp();
        // At once: of two test classes that touch TorchSharp first at the same moment, one would go on while the other still loads.
        LibTorch.TryLoad();
    }
}
