using System.Runtime;

namespace Attn.Experiments;

/// <summary>
/// Puts off garbage collections while several threads use TorchSharp: it lets go of a number that it passes to libtorch before libtorch has
/// read it, so that a collection which another thread asks for may free it. On Linux x64 Attn.Kernels guards the numbers themselves; elsewhere
/// this makes their loss rare. As far as memory allows, there is no collection within a pause.
/// </summary>
internal sealed class CollectionPause : IDisposable
{
    // What some thousand training steps of a small model allocate; reserved, not touched.
    private const long Bytes = 256L << 20;

    private readonly bool _started = TryStart();

    /// <summary>Lets collections come again.</summary>
    public void Dispose()
    {
        if (_started && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            GC.EndNoGCRegion();
    }

    private static bool TryStart()
    {
        try
        {
            return GCSettings.LatencyMode != GCLatencyMode.NoGCRegion && GC.TryStartNoGCRegion(Bytes);
        }
        catch (Exception refusal) when (refusal is InvalidOperationException or ArgumentOutOfRangeException)
        {
            return false; // Another thread's pause has begun, or this machine's collector has no room for one.
        }
    }
}
