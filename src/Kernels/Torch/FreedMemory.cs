using System.Collections;
using System.Runtime.InteropServices;

namespace Attn.Kernels.Torch;

/// <summary>
/// What the C library does with the memory of freed tensors. By itself glibc gives each one above 32 MiB, and what lies free at the end of its heap
/// beyond twice the largest one below, back to the system, which then makes every page anew for the next tensor: up to half of the time of an operation.
/// </summary>
internal static unsafe partial class FreedMemory
{
    /// <summary>Set to anything, it leaves the C library as it is; so does a setting of the user's own, <c>MALLOC_…</c> or <c>GLIBC_TUNABLES</c>.</summary>
    public const string Variable = "ATTN_MALLOC";

    // M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of glibc's malloc.h.
    private const int TrimThreshold = -1, MapThreshold = -3;

    /// <summary>Bytes at the end of the heap that are kept at most, and the largest tensor, in bytes, that lies in it.</summary>
    private const int MostKept = 512 << 20, MostOnHeap = 128 << 20;

    // Freeing one of these has glibc look at the end of the thread's heap; smaller ones it puts aside.
    private const nuint Looked = 1 << 17;

    private static bool _keeps;

    /// <summary>
    /// Keeps some of it for the next tensors; larger ones are given back as ever. False where the user's environment says otherwise, or
    /// the C library is not glibc: musl has no such setting.
    /// </summary>
    public static bool TryKeep(IDictionary environment)
    {
        if (IsTheUsers(environment) || !NativeLibrary.TryLoad("libc.so.6", out var library) || !NativeLibrary.TryGetExport(library, "mallopt", out var address))
            return false;
        var set = (delegate* unmanaged<int, int, int>)address;
        return _keeps = set(TrimThreshold, MostKept) != 0 && set(MapThreshold, MostOnHeap) != 0;
    }

    /// <summary>
    /// Gives back to the system what lies free now, so that a process's memory tells what a call takes.
    /// </summary>
    /// <exception cref="EntryPointNotFoundException">The C library is not glibc.</exception>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public static void GiveBack()
    {
        _ = Trim(0);
        if (!_keeps)
            return;
        // That leaves the end of a thread's own heap, which only a tensor freed on that thread gives back.
        _ = Set(TrimThreshold, 0);
        NativeMemory.Free(NativeMemory.Alloc(Looked));
        _ = Set(TrimThreshold, MostKept);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int parameter, int value);

    private static bool IsTheUsers(IDictionary environment) => environment.Cast<DictionaryEntry>().Any(entry =>
        (string)entry.Key is var name
        && (name == Variable || name.StartsWith("MALLOC_", StringComparison.Ordinal)
            || (name == "GLIBC_TUNABLES" && ((string?)entry.Value)?.Contains("glibc.malloc.", StringComparison.Ordinal) == true)));
}
