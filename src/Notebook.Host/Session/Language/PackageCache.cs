using System.Xml;
using System.Xml.Linq;
using Attn.Host.Packages;
using NuGet.Versioning;

namespace Attn.Host.Session.Language;

/// <summary>The packages that this user has already: those that a <c>#r</c> line gets without a network.</summary>
internal static class PackageCache
{
    private const int Most = 200;

    private static string Root => new PackageSources(Environment.CurrentDirectory).PackagesFolder;

    public static IEnumerable<string> Ids(string typed) => !Directory.Exists(Root) ? [] :
        Directory.GetDirectories(Root, typed.ToLowerInvariant() + "*").Order(StringComparer.Ordinal).Take(Most).Select(Name);

    /// <summary>The versions of a package that begin so, the newest first.</summary>
    public static IEnumerable<string> Versions(string id, string typed) =>
        new PackageFolder(Root).Versions(id).OrderDescending(VersionComparer.Default).Select(version => version.ToNormalizedString())
            .Where(version => version.StartsWith(typed, StringComparison.OrdinalIgnoreCase));

    // The folder's name is in lower case; its author's spelling stands in the package.
    private static string Name(string folder)
    {
        var name = Path.GetFileName(folder);
        var file = Directory.EnumerateFiles(folder, name + ".nuspec", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).FirstOrDefault();
        try
        {
            return file is null ? name : XDocument.Load(file).Descendants().FirstOrDefault(element => element.Name.LocalName == "id")?.Value ?? name;
        }
        catch (Exception e) when (e is IOException or XmlException or UnauthorizedAccessException)
        {
            return name;
        }
    }
}
