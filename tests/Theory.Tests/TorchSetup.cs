using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Attn.Kernels.Torch;

namespace Theory.Tests;

internal static class TorchSetup
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp's static constructor may run in any test; the loader must come first.")]
    public static void Load() => LibTorch.LoadWithTorchSharp();
}
