using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Attn.Kernels.Torch;

namespace Attn.Notebook.Tests;

internal static class TorchSetup
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The loader must come before TorchSharp's static constructor, whichever test runs first.")]
    public static void Load() => LibTorch.LoadWithTorchSharp();
}
