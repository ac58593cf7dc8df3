using System.Globalization;
using System.Runtime.InteropServices;

namespace Attn.Kernels.Tests.Linear;

/// <summary>The most memory of the process during an action, by the Linux kernel's count: it sees what autograd saves in native memory.</summary>
internal static partial class ResidentMemory
{
    public static bool CanBeMeasured => OperatingSystem.IsLinux();

    /// <summary>Bytes by which the peak during <paramref name="action"/> exceeds what was resident before it.</summary>
    public static long PeakOver(Action action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TrimMalloc(0); // What malloc keeps of earlier tests would serve this action unseen.
        File.WriteAllText("/proc/self/clear_refs", "5"); // Sets the peak back to what is resident now.
        var before = Read("VmRSS");
        action();
        return Read("VmHWM") - before;
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimMalloc(nuint keep);

    private static long Read(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
