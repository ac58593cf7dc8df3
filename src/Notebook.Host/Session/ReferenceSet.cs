using Microsoft.CodeAnalysis;

namespace Attn.Host.Session;

/// <summary>What every cell may refer to, resolved once: the framework and what lies beside the program.</summary>
internal static class ReferenceSet
{
    private static readonly string[] NotForCells =
        ["Microsoft.CodeAnalysis", "Microsoft.DiaSymReader", "System.Composition", "Humanizer", "NuGet.", "NetMQ", "AsyncIO", "Spectre.", "Markdig"];

    /// <summary>The references, as metadata that is read when a cell is first compiled.</summary>
    public static IReadOnlyList<MetadataReference> Default { get; } = [.. Paths().Select(MappedReference.Of)];

    /// <summary>The simple names of the assemblies that come with the program.</summary>
    public static IReadOnlySet<string> Names { get; } = Paths().Select(path => Path.GetFileNameWithoutExtension(path)!).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Paths() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(path => !NotForCells.Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal)));
}
