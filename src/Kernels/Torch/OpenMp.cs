using System.Runtime.InteropServices;

namespace Attn.Kernels.Torch;

/// <summary>
/// How libtorch's threads wait for one another. OpenMP reads it once, from the process's own environment, of which .NET has a copy.
/// </summary>
internal static partial class OpenMp
{
    /// <summary>
    /// Lets threads sleep while they wait, unless the user's environment says otherwise. By default they spin, and on a machine that does
    /// something else besides, each short operation then takes a turn of the scheduler: training small models was seen to take twenty times as long.
    /// </summary>
    public static void WaitPassively() => Default("OMP_WAIT_POLICY", "PASSIVE");

    /// <summary>Sets a variable that is not set; must come before libtorch is loaded.</summary>
    public static void Default(string name, string value)
    {
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment(name, value, overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
