using System.Reflection;
using System.Runtime.InteropServices;
using Attn.Kernels.Torch;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Packaging.Licenses;
using NuGet.Versioning;

namespace Attn.Host.Packages;

/// <summary>Makes packages of the libraries beside this program, for hosts that take theirs from NuGet: .NET Interactive above all.</summary>
internal static class LocalFeed
{
    /// <summary>The package that notebooks load; it brings the others.</summary>
    public const string Notebook = "Attn.Notebook";

    private const string Extension = "extension.dib";

    /// <summary>Writes the packages; those of the same names are replaced.</summary>
    /// <returns>What was written, <see cref="Notebook"/> first.</returns>
    public static IReadOnlyList<PackageIdentity> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var closure = HostPackages.Closure(Notebook);
        var ours = closure.Where(package => package.IsOurs).ToArray();
        foreach (var package in ours)
        {
            using var file = File.Create(Path.Combine(folder, $"{package.Identity}.nupkg"));
            // The notebook's package names all versions with which it was tested, so that it is loaded with these and no others.
            Pack(package, package.Identity.Id == Notebook ? closure : closure.Where(other => package.Needs.Contains(other.Identity.Id))).Save(file);
        }

        return [.. ours.Select(package => package.Identity)];
    }

    /// <summary>Those of the packages that NuGet keeps from before with other contents: it would load these.</summary>
    public static IEnumerable<string> Stale(IEnumerable<PackageIdentity> packages)
    {
        var folder = new PackageFolder(new PackageSources(Environment.CurrentDirectory).PackagesFolder);
        return packages.Where(package => folder.Has(package) && !SameContents(HostPackages.Find(package.Id)!, folder.Location(package))).Select(folder.Location);
    }

    private static bool SameContents(HostPackage package, string kept) => package.Assemblies.All(assembly =>
        Path.Combine(kept, "lib", Framework, Path.GetFileName(assembly)) is var other && File.Exists(other) && File.ReadAllBytes(other).AsSpan().SequenceEqual(File.ReadAllBytes(assembly)));

    private static string Framework => PackageAssets.Framework.GetShortFolderName();

    private static PackageBuilder Pack(HostPackage package, IEnumerable<HostPackage> needs)
    {
        var assembly = Assembly.Load(package.Identity.Id);
        var builder = new PackageBuilder
        {
            Id = package.Identity.Id,
            Version = package.Identity.Version,
            Description = assembly.GetCustomAttribute<AssemblyDescriptionAttribute>()!.Description,
            LicenseMetadata = new(LicenseType.Expression, "MIT", NuGetLicenseExpression.Parse("MIT"), [], LicenseMetadata.EmptyVersion),
        };
        builder.Authors.Add(assembly.GetCustomAttribute<AssemblyCompanyAttribute>()!.Company);
        builder.DependencyGroups.Add(new(PackageAssets.Framework, Dependencies(package, needs)));
        foreach (var file in package.Assemblies.Concat(package.Assemblies.Select(path => Path.ChangeExtension(path, ".xml")).Where(File.Exists)))
            builder.Files.Add(new PhysicalPackageFile { SourcePath = file, TargetPath = $"lib/{Framework}/{Path.GetFileName(file)}" });
        if (package.Identity.Id == Notebook)
            builder.Files.Add(new PhysicalPackageFile(Adapter()) { TargetPath = $"interactive-extensions/dotnet/{Extension}" });
        return builder;
    }

    private static IEnumerable<PackageDependency> Dependencies(HostPackage package, IEnumerable<HostPackage> needs)
    {
        foreach (var need in needs.Where(need => need != package))
            yield return new(need.Identity.Id, new VersionRange(need.Identity.Version));
        // Of libtorch's packages, the one for this machine: all together they are more than a gigabyte.
        if (package.Identity.Id == Notebook && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            yield return new(LibTorchPackage.Id, VersionRange.Parse(LibTorchPackage.Version));
    }

    private static MemoryStream Adapter()
    {
        using var resource = typeof(LocalFeed).Assembly.GetManifestResourceStream($"{typeof(LocalFeed).Namespace}.{Extension}")!;
        var content = new MemoryStream();
        resource.CopyTo(content);
        content.Position = 0;
        return content;
    }
}
