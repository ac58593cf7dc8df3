using Attn.Kernels.Torch;
using Attn.Tests;

namespace Attn.Kernels.Tests.Torch;

/// <summary>The natives that this test program runs on, and folders made of parts of them.</summary>
internal static class TorchFiles
{
    public static string Binding { get; } = LibTorchSearch.OfThisProcess().Binding()
        .Select(folder => Path.Combine(folder, "libLibTorchSharp.so")).First(File.Exists);

    public static string LibTorchFolder { get; } = LibTorchSearch.OfThisProcess().LibTorch().First(candidate => candidate.CanServe).Folder;

    /// <summary>A new folder with links to libtorch's libraries, but for those left out.</summary>
    public static TemporaryFolder Without(params string[] left)
    {
        var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(LibTorchFolder, "lib*.so*").Where(file => !left.Contains(Path.GetFileName(file))))
            File.CreateSymbolicLink(Path.Combine(folder.Location, Path.GetFileName(file)), file);
        return folder;
    }

    public static LibTorchSearch Search(string? choice = null, params string[] programFolders) => new()
    {
        Choice = choice,
        ProgramFolders = programFolders,
        PackageCache = "/nonexistent/packages",
        PythonTorch = () => null,
    };
}
