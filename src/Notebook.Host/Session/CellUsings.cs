using Attn.Notebook;

namespace Attn.Host.Session;

/// <summary>The imports that every cell begins with.</summary>
internal static class CellUsings
{
    public static IReadOnlyList<string> All { get; } = [.. CellImports.Namespaces, .. CellImports.Statics, typeof(CellGlobals).FullName!];
}
