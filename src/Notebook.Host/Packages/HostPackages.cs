using System.Text.Json;
using NuGet.Packaging.Core;
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

    /// <summary>A package and all that it needs, however far, of what the program brings.</summary>
    public static IReadOnlyList<HostPackage> Closure(string id)
    {
        Dictionary<string, HostPackage> found = new(StringComparer.OrdinalIgnoreCase);
        Queue<string> left = new([id]);
        while (left.TryDequeue(out var next))
            if (Packages.TryGetValue(next, out var package) && found.TryAdd(next, package))
                foreach (var needed in package.Needs)
                    left.Enqueue(needed);
        return [.. found.Values];
    }

    private static Dictionary<string, HostPackage> Read()
    {
        Dictionary<string, HostPackage> packages = new(StringComparer.OrdinalIgnoreCase);
        // Unlike the runtime's other lists of files, this one has semicolons on every system.
        foreach (var file in ((string?)AppContext.GetData("APP_CONTEXT_DEPS_FILES") ?? "").Split(';').Where(File.Exists))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var kinds = document.RootElement.GetProperty("libraries");
            foreach (var target in document.RootElement.GetProperty("targets").EnumerateObject())
                foreach (var library in target.Value.EnumerateObject())
                    if (library.Name.Split('/') is [var id, var text] && NuGetVersion.TryParse(text, out var version))
                        packages.TryAdd(id, new HostPackage(
                            new PackageIdentity(id, version), Assemblies(library.Value), Needs(library.Value),
                            kinds.TryGetProperty(library.Name, out var kind) && kind.GetProperty("type").ValueEquals("project")));
        }

        return packages;
    }

    private static string[] Assemblies(JsonElement library) => library.TryGetProperty("runtime", out var runtime)
        ? [.. runtime.EnumerateObject().Select(asset => Path.Combine(AppContext.BaseDirectory, Path.GetFileName(asset.Name))).Where(File.Exists)]
        : [];

    private static string[] Needs(JsonElement library) =>
        library.TryGetProperty("dependencies", out var needs) ? [.. needs.EnumerateObject().Select(need => need.Name)] : [];
}

/// <summary>A package that the program brings.</summary>
/// <param name="Identity">Its id and version.</param>
/// <param name="Assemblies">Paths of its assemblies.</param>
/// <param name="Needs">The ids of the packages on which it depends.</param>
/// <param name="IsOurs">Whether it is built from the program's own sources.</param>
internal sealed record HostPackage(PackageIdentity Identity, IReadOnlyList<string> Assemblies, IReadOnlyList<string> Needs, bool IsOurs);
