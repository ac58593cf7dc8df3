using System.Diagnostics;
using static TorchSharp.torch;

namespace Attn.Bench;

internal static class Host
{
    private const int Calls = 500;

    /// <summary>Microseconds that the host takes to ask for a call.</summary>
    public static double Microseconds(Action run)
    {
        run();
        cuda.synchronize();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Calls; i++)
            run();
        var elapsed = clock.Elapsed;
        cuda.synchronize();
        return elapsed.TotalMicroseconds / Calls;
    }
}
