using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>How many tokens the chunked forms of the linear family work on side by side.</summary>
internal static class Stretch
{
    // Enough chunks for large products; few enough that what lies between them stays in a cache, and is not memory asked of the system anew.
    private const long Tokens = 1024;

    /// <summary>The tokens of a stretch of whole chunks; on a GPU, which wants few large operations, all.</summary>
    /// <param name="chunk">Tokens a chunk.</param>
    /// <param name="length">T, tokens of the sequence.</param>
    /// <param name="device">Where they lie.</param>
    public static long Of(long chunk, long length, Device device) =>
        device.type == DeviceType.CPU ? chunk * Math.Max(1, Tokens / chunk) : length;
}
