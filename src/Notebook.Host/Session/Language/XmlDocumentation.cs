using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Attn.Host.Session.Language;

/// <summary>
/// Finds what a symbol's author wrote of it: in the cell, in the XML file beside its assembly, or, for the framework, in the SDK's
/// reference packs, since the runtime's own folder has none.
/// </summary>
internal static class XmlDocumentation
{
    private const int Generations = 8;
    private static readonly ConcurrentDictionary<string, string> Texts = new();
    private static readonly Lazy<string[]> FrameworkFiles = new(FindFrameworkFiles);

    /// <summary>The <c>member</c> element; null when nothing was written or its file is not there.</summary>
    public static XElement? Of(ISymbol symbol, Compilation compilation) => Of(symbol.OriginalDefinition, compilation, Generations);

    private static XElement? Of(ISymbol symbol, Compilation compilation, int left)
    {
        var found = Parse(symbol.Locations.Any(location => location.IsInSource)
            ? symbol.GetDocumentationCommentXml()
            : Files(symbol, compilation).Select(file => Member(file, symbol.GetDocumentationCommentId())).FirstOrDefault(xml => xml is not null));
        return found is not null && found.Element("inheritdoc") is null || left == 0 || Inherited(symbol) is not { } above
            ? found
            : Of(above.OriginalDefinition, compilation, left - 1) ?? found;
    }

    private static ISymbol? Inherited(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } method } => method,
        IPropertySymbol { OverriddenProperty: { } property } => property,
        IMethodSymbol { ReducedFrom: { } extension } => extension,
        INamedTypeSymbol { BaseType: { SpecialType: SpecialType.None } type } => type,
        { ContainingType: { } type } => type.AllInterfaces.SelectMany(face => face.GetMembers(symbol.Name))
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member), symbol)),
        _ => null,
    };

    private static IEnumerable<string> Files(ISymbol symbol, Compilation compilation)
    {
        if (symbol.ContainingAssembly is not { } assembly || compilation.GetMetadataReference(assembly) is not PortableExecutableReference { Display: { } path })
            return [];
        return Path.GetDirectoryName(path) == RuntimeFolder ? FrameworkFiles.Value : [Path.ChangeExtension(path, ".xml")];
    }

    private static string RuntimeFolder => RuntimeEnvironment.GetRuntimeDirectory().TrimEnd(Path.DirectorySeparatorChar);

    private static string[] FindFrameworkFiles()
    {
        var packs = Path.GetFullPath("../../../packs/Microsoft.NETCore.App.Ref", RuntimeFolder);
        var version = Environment.Version;
        return !Directory.Exists(packs) ? [] :
        [
            .. Directory.GetDirectories(packs, $"{version.Major}.*").Order(StringComparer.Ordinal).TakeLast(1)
                .SelectMany(pack => Directory.GetFiles(Path.Combine(pack, "ref", $"net{version.Major}.{version.Minor}"), "*.xml"))
                // Most of what is asked for stands in the first.
                .OrderByDescending(file => Path.GetFileName(file) == "System.Runtime.xml"),
        ];
    }

    // A search in the text: to parse megabytes of XML for one member would take longer than the user waits.
    private static string? Member(string file, string? id)
    {
        if (id is null)
            return null;
        var text = Texts.GetOrAdd(file, static file => File.Exists(file) ? File.ReadAllText(file) : "");
        var start = text.IndexOf($"<member name=\"{id}\"", StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf("</member>", start, StringComparison.Ordinal);
        return end < 0 ? null : text[start..(end + "</member>".Length)];
    }

    private static XElement? Parse(string? xml)
    {
        try
        {
            return string.IsNullOrWhiteSpace(xml) ? null : XElement.Parse(xml);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
