using System.IO.MemoryMappedFiles;
using Microsoft.CodeAnalysis;

namespace Attn.Host.Session;

/// <summary>
/// References to files that stay as they are while the process runs: the compiler reads them where the system has mapped them. Roslyn's own
/// would copy each whole, two hundred megabytes before the first cell.
/// </summary>
internal static class MappedReference
{
    public static unsafe PortableExecutableReference Of(string path)
    {
        var length = checked((int)new FileInfo(path).Length);
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* image = null;
        // Never given back: the compiler may look into it as long as there are cells.
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref image);
        return AssemblyMetadata.Create(ModuleMetadata.CreateFromImage((nint)image, length)).GetReference(display: path);
    }
}
