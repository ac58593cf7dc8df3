using System.Globalization;
using Attn.Kernels.Torch;

namespace Attn.Experiments;

/// <summary>
/// How far a call raises the process's memory, by the system's own high-water mark, which Linux lets a process reset: libtorch's allocator does not tell.
/// </summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs", Status = "/proc/self/status";

    /// <summary>Bytes above what the process held before; null where the system does not tell.</summary>
    public static long? Of(Action call)
    {
        if (!TryReset())
        {
            call();
            return null;
        }

        var before = Read("VmRSS:");
        call();
        return before is { } from && Read("VmHWM:") is { } to ? Math.Max(0, to - from) : null;
    }

    private static bool TryReset()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        GC.Collect(); // What is garbage already must not be freed, or counted, meanwhile.
        GC.WaitForPendingFinalizers();
        try
        {
            FreedMemory.GiveBack(); // What the allocator keeps of freed tensors would hide what the call takes.
            File.WriteAllText(Reset, "5");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    private static long? Read(string name) => File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
        ? long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024
        : null;
}
