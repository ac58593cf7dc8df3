using System.Text.Json;
using NuGet.Versioning;

namespace Attn.Host.Packages;

/// <summary>The packages that the program itself is built from: a cell gets these, in these versions, since one process can hold one of each.</summary>
internal static class HostPackages
{
    private static readonly Dictionary<string, HostPackage> Packages = Read();

    /// <returns>Null when the program does not bring the package.</returns>
    public static HostPackage? Find(string id) =>
        Packages.GetValueOrDefault(id)
        // The bundles of TorchSharp are gigabytes of the libtorch that is loaded already.
        ?? (id.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase) || id.StartsWith("libtorch-", StringComparison.OrdinalIgnoreCase)
            ? Packages.GetValueOrDefault("TorchSharp")
            : null);

    private static Dictionary<string, HostPackage> Read()
    {
        Dictionary<string, HostPackage> packages = new(StringComparer.OrdinalIgnoreCase);
        // Unlike the runtime's other lists of files, this one has semicolons on every system.
        foreach (var file in ((string?)AppContext.GetData("APP_CONTEXT_DEPS_FILES") ?? "").Split(';').Where(File.Exists))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var target in document.RootElement.GetProperty("targets").EnumerateObject())
                foreach (var library in target.Value.EnumerateObject())
                    if (library.Name.Split('/') is [var id, var text] && NuGetVersion.TryParse(text, out var version))
                        packages.TryAdd(id, new HostPackage(id, version, Assemblies(library.Value)));
        }

        return packages;
    }

    private static string[] Assemblies(JsonElement library) => library.TryGetProperty("runtime", out var runtime)
        ? [.. runtime.EnumerateObject().Select(asset => Path.Combine(AppContext.BaseDirectory, Path.GetFileName(asset.Name))).Where(File.Exists)]
        : [];
}

/// <summary>A package that the program brings.</summary>
internal sealed record HostPackage(string Id, NuGetVersion Version, IReadOnlyList<string> Assemblies);
