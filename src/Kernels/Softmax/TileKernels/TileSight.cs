using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Which keys a query sees: the first <paramref name="Sinks"/>, and <paramref name="Window"/> of them up to its own place, which is <paramref name="Offset"/> keys on.</summary>
/// <param name="Offset">0 where query i stands at key i.</param>
/// <param name="Window">Keys up to its own.</param>
/// <param name="Sinks">First keys that all later queries see.</param>
internal readonly record struct TileSight(int Offset, int Window, int Sinks)
{
    // Far beyond every length, and the kernels' sums of three of them still are 32-bit numbers.
    private const int Everything = 1 << 30;

    /// <summary>Lengths that the kernels' numbers hold.</summary>
    public const int Longest = 1 << 28;

    /// <summary>All keys, or those at or before a query's place, aligned at the ends.</summary>
    public static TileSight Of(bool causal, Tensor q, Tensor k) => new(causal ? (int)(k.size(2) - q.size(2)) : Everything / 2, Everything, 0);

    /// <summary>A window of keys and the first ones.</summary>
    public static TileSight Near(int window, int sinks) => new(0, Math.Min(window, Everything), sinks);
}
