namespace Attn.Kernels.Cuda;

/// <summary>
/// Finds the CUDA driver and the run-time compiler NVRTC by pattern: their names carry versions, and a PyTorch or a TorchSharp-cuda
/// package brings its own.
/// </summary>
public static class CudaLibraries
{
    private static readonly string[] SystemFolders =
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/nvidia/lib64", "/usr/lib/wsl/lib"];

    /// <summary>The driver library <c>libcuda.so.1</c>, or null when there is none.</summary>
    public static string? FindDriver() => First(["libcuda.so.1"], [.. LoaderFolders(), .. SystemFolders]);

    /// <summary>
    /// The compiler <c>libnvrtc</c>, or null: looked for beside libtorch, in the <c>nvidia</c> packages beside a PyTorch, in the CUDA
    /// toolkit and on the loader's path, in this order.
    /// </summary>
    /// <param name="libtorch">The folder of the libtorch in use; null when none is.</param>
    public static string? FindNvrtc(string? libtorch)
    {
        List<string> folders = [];
        if (libtorch is not null)
        {
            folders.Add(libtorch);
            folders.AddRange(Below(Path.Combine(libtorch, "..", "..", "nvidia"), "lib"));
        }

        if (Environment.GetEnvironmentVariable("CUDA_HOME") is { Length: > 0 } home)
            folders.Add(Path.Combine(home, "lib64"));
        folders.Add("/usr/local/cuda/lib64");
        folders.AddRange(LoaderFolders());
        folders.AddRange(SystemFolders);
        return First(["libnvrtc.so*", "libnvrtc-*.so*"], folders);
    }

    private static IEnumerable<string> Below(string root, string leaf) =>
        Directory.Exists(root) ? Directory.GetDirectories(root).Order().Select(folder => Path.Combine(folder, leaf)) : [];

    private static string[] LoaderFolders() =>
        (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    private static string? First(string[] patterns, IEnumerable<string> folders) => folders
        .Where(Directory.Exists)
        .SelectMany(folder => patterns.SelectMany(pattern => Directory.GetFiles(folder, pattern).OrderDescending(StringComparer.Ordinal)))
        .Where(file => !Path.GetFileName(file).Contains("builtins", StringComparison.Ordinal))
        .Select(Path.GetFullPath)
        .FirstOrDefault();
}
