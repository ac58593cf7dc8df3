using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Attn.Kernels.Torch;

// The current host and the count of live tensors belong to the process: tests that look at them come one by one.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Attn.Notebook.Tests;

internal static class TorchSetup
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The loader must come before TorchSharp's static constructor, whichever test runs first.")]
    public static void Load() => LibTorch.LoadWithTorchSharp();
}
