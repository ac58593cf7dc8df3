using System.IO.Compression;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Attn.Host.Tests.Packages;

/// <summary>A folder of packages made on the spot. Ids are unique to the run: NuGet keeps what it once installed.</summary>
internal sealed class PackageFeed : IDisposable
{
    private static readonly MetadataReference[] Framework =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly List<string> _ids = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("attn-feed-").FullName;

    public string NewId(string stem)
    {
        var id = $"{stem}{Guid.NewGuid():N}";
        _ids.Add(id);
        return id;
    }

    /// <summary>Packs an assembly of the package's own name.</summary>
    /// <param name="id">The package.</param>
    /// <param name="version">Its version.</param>
    /// <param name="source">The assembly's C#.</param>
    /// <param name="dependencies">Lines of the nuspec's dependencies.</param>
    /// <param name="files">More files: the path in the package, and where it is now.</param>
    public void Pack(string id, string version, string source, string dependencies = "", params (string To, string From)[] files)
    {
        using var archive = ZipFile.Open(Path.Combine(Folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var writer = new StreamWriter(archive.CreateEntry($"{id}.nuspec").Open()))
            writer.Write($"""
                <?xml version="1.0"?>
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
                <id>{id}</id><version>{version}</version><authors>tests</authors><description>made by a test</description>
                <dependencies><group targetFramework="net8.0">{dependencies}</group></dependencies>
                </metadata></package>
                """);
        using (var content = archive.CreateEntry($"lib/net8.0/{id}.dll").Open())
            content.Write(Compile(id, source));
        foreach (var (to, from) in files)
            archive.CreateEntryFromFile(from, to);
    }

    public static byte[] Compile(string name, string source, params byte[][] references)
    {
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)], [.. Framework, .. references.Select(image => MetadataReference.CreateFromImage(image))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var content = new MemoryStream();
        var result = compilation.Emit(content);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return content.ToArray();
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        var installed = NuGet.Configuration.SettingsUtility.GetGlobalPackagesFolder(NuGet.Configuration.Settings.LoadDefaultSettings(null));
        foreach (var id in _ids.Select(id => Path.Combine(installed, id.ToLowerInvariant())).Where(Directory.Exists))
            Directory.Delete(id, recursive: true);
    }
}
