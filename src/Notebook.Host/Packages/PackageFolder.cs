using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Versioning;

namespace Attn.Host.Packages;

/// <summary>NuGet's folder of installed packages, and what is in a package there.</summary>
internal sealed class PackageFolder(string root)
{
    private readonly VersionFolderPathResolver _paths = new(root);

    public bool Has(PackageIdentity package) => File.Exists(_paths.GetNupkgMetadataPath(package.Id, package.Version));

    /// <summary>The versions of a package that need no source.</summary>
    public IReadOnlyList<NuGetVersion> Versions(string id)
    {
        var folder = _paths.GetVersionListPath(id);
        return Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Select(path => NuGetVersion.TryParse(Path.GetFileName(path), out var version) ? version : null)
                .OfType<NuGetVersion>().Where(version => Has(new PackageIdentity(id, version)))]
            : [];
    }

    public IEnumerable<PackageDependency> Dependencies(PackageIdentity package)
    {
        using var reader = Open(package);
        return PackageAssets.Nearest(reader.GetPackageDependencies(), group => group.TargetFramework)?.Packages ?? [];
    }

    /// <exception cref="PackageException">The package has assemblies, but none for this .NET.</exception>
    public PackageAssets Assets(PackageIdentity package)
    {
        using var reader = Open(package);
        return PackageAssets.Of(reader, Location(package));
    }

    /// <summary>Where a package is unpacked.</summary>
    public string Location(PackageIdentity package) => _paths.GetInstallPath(package.Id, package.Version);

    private PackageFolderReader Open(PackageIdentity package) => new(Location(package));
}
