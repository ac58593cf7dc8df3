using System.Runtime.InteropServices;
using NuGet.Frameworks;
using NuGet.Packaging;

namespace Attn.Host.Packages;

/// <summary>The files of a package that this process can use.</summary>
/// <param name="Assemblies">Paths of managed assemblies.</param>
/// <param name="Natives">Paths of native libraries for this system.</param>
internal sealed record PackageAssets(IReadOnlyList<string> Assemblies, IReadOnlyList<string> Natives)
{
    /// <summary>The framework that runs this process.</summary>
    public static NuGetFramework Framework { get; } = NuGetFramework.Parse($"net{Environment.Version.Major}.{Environment.Version.Minor}");

    // The fallback order of portable runtime identifiers, most specific first.
    private static readonly string[] Runtimes = Chain(RuntimeInformation.RuntimeIdentifier);

    public static PackageAssets Of(PackageFolderReader package, string folder)
    {
        var groups = package.GetLibItems().ToArray();
        var lib = Nearest(groups, group => group.TargetFramework);
        if (lib is null && groups.Any(group => group.Items.Any(IsAssembly)))
            throw new PackageException($"package {package.GetIdentity()} has no assembly for {Framework.GetShortFolderName()}, "
                + $"only for {string.Join(", ", groups.Select(group => group.TargetFramework.GetShortFolderName()))}.");

        var assemblies = (lib?.Items ?? []).Where(IsAssembly).ToDictionary(file => Path.GetFileName(file), file => Path.Combine(folder, file));
        var runtime = package.GetFiles("runtimes").ToArray();
        foreach (var file in ForThisRuntime(runtime))
            assemblies[Path.GetFileName(file)] = Path.Combine(folder, file);
        var natives = Runtimes.Select(rid => runtime.Where(file => file.StartsWith($"runtimes/{rid}/native/", StringComparison.OrdinalIgnoreCase)).ToArray())
            .FirstOrDefault(files => files.Length > 0);
        return new PackageAssets([.. assemblies.Values], [.. (natives ?? []).Select(file => Path.Combine(folder, file))]);
    }

    public static T? Nearest<T>(IEnumerable<T> groups, Func<T, NuGetFramework> frameworkOf) where T : class
    {
        var all = groups.ToArray();
        var nearest = new FrameworkReducer().GetNearest(Framework, all.Select(frameworkOf));
        return nearest is null ? null : all.First(group => frameworkOf(group).Equals(nearest));
    }

    private static IEnumerable<string> ForThisRuntime(string[] files)
    {
        foreach (var rid in Runtimes)
        {
            var mine = files.Where(file => file.StartsWith($"runtimes/{rid}/lib/", StringComparison.OrdinalIgnoreCase) && IsAssembly(file))
                .GroupBy(file => file.Split('/')[3]).ToArray();
            if (Nearest(mine, group => NuGetFramework.ParseFolder(group.Key)) is { } best)
                return best;
        }

        return [];
    }

    private static bool IsAssembly(string file) => Path.GetExtension(file) is ".dll" && !file.EndsWith(".resources.dll", StringComparison.OrdinalIgnoreCase);

    private static string[] Chain(string rid)
    {
        var (os, architecture) = rid.Split('-') is [var name, .., var last] ? (name, last) : (rid, "x64");
        return os.StartsWith("win", StringComparison.Ordinal)
            ? [rid, "win", "any"]
            : [rid, os, $"unix-{architecture}", "unix", "any"];
    }
}
