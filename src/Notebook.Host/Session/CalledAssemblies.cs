using System.Reflection;
using System.Reflection.Metadata;

namespace Attn.Host.Session;

/// <summary>Which assemblies a compiled cell calls. Its references say less: every default using is one of them.</summary>
internal static class CalledAssemblies
{
    public static unsafe IEnumerable<string> Of(Assembly cell)
    {
        if (!cell.TryGetRawMetadata(out var blob, out var length))
            return [];
        var reader = new MetadataReader(blob, length);
        return [.. reader.MemberReferences.Select(handle => Name(reader, reader.GetMemberReference(handle).Parent)).OfType<string>().Distinct()];
    }

    private static string? Name(MetadataReader reader, EntityHandle handle)
    {
        while (handle.Kind == HandleKind.TypeReference)
            handle = reader.GetTypeReference((TypeReferenceHandle)handle).ResolutionScope;
        return handle.Kind == HandleKind.AssemblyReference
            ? reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)handle).Name)
            : null;
    }
}
