using System.Runtime.InteropServices;

namespace Attn.Experiments.Tests.Benchmarks;

/// <summary>
/// While it lives, the C library keeps memory that is freed. Else it gives a large tensor's pages back at once, and the system makes new ones for the
/// next tensor: half of the time of a form with many temporaries, from the length on at which they are too large to keep.
/// </summary>
public sealed partial class KeptPages : IDisposable
{
    private const int TrimThreshold = -1, MapThreshold = -3;
    private const int Usual = 128 << 10, MostMapped = 32 << 20;

    public KeptPages() => Set(int.MaxValue, MostMapped);

    public void Dispose()
    {
        Set(Usual, Usual);
        if (OperatingSystem.IsLinux())
            _ = malloc_trim(0);
    }

    private static void Set(int trim, int map)
    {
        if (!OperatingSystem.IsLinux())
            return;
        _ = mallopt(TrimThreshold, trim);
        _ = mallopt(MapThreshold, map);
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint kept);
}
