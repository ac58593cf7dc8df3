using System.Reflection;

namespace Attn.Kernels.Torch;

/// <summary>The NuGet package that holds the libtorch for which the referenced TorchSharp was made.</summary>
internal static class LibTorchPackage
{
    public const string Id = "libtorch-cpu-linux-x64";

    /// <summary>What a download of it takes.</summary>
    public const int Megabytes = 123;

    public static string Version { get; } = typeof(LibTorchPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "LibTorch").Value!;

    /// <summary>Where the libraries lie in the unpacked package.</summary>
    public static string Natives(string package) => Path.Combine(package, "runtimes", "linux-x64", "native");
}
