using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Attn's CUDA kernel of decoding (<c>LeanDecode.cu</c>): one query a head, bfloat16 or float16, D = Dv of 64 or 128, up to 16 query heads a key-value
/// head, on sm_80 and up.
/// </summary>
internal static class LeanDecodeKernel
{
    private const int WarpKeys = 16;
    private const int MostRows = 16;

    // What the kernel's argument holds.
    private const int MostSequences = 128;

    // What a launch works in, of which it leaves nothing, and the counters at zero. Launches follow one another on libtorch's stream, so one a device is enough.
    private static readonly ConcurrentDictionary<int, Tensor> Arrived = new(), Partials = new();

    /// <summary>Whether a call can go to the kernel.</summary>
    public static bool Serves(Tensor q, Tensor k, Tensor v) =>
        q.dtype is ScalarType.BFloat16 or ScalarType.Float16 && q.size(2) == 1 && q.size(3) is 64 or 128 && v.size(3) == q.size(3)
        && q.size(1) / k.size(1) <= MostRows && CudaKernels.Serve(q) && CudaKernel.CanRead(k) && CudaKernel.CanRead(v)
        && CudaDevice.Current() is { Major: >= 8 } device && Warps((int)q.size(3), device) > 0;

    /// <summary>One decoding step.</summary>
    /// <param name="q"><c>[B,H,1,D]</c>.</param>
    /// <param name="k"><c>[B,Hk,N,D]</c>.</param>
    /// <param name="v"><c>[B,Hk,N,D]</c>.</param>
    /// <param name="lengths">Keys that each sequence has, from 1 to N.</param>
    /// <param name="window">How many of the last ones are seen.</param>
    /// <param name="sinks">How many of the first ones are seen besides.</param>
    /// <param name="scale">Factor on the scores.</param>
    /// <param name="workers">Blocks; one a multiprocessor when null.</param>
    /// <returns><c>[B,H,1,D]</c>, and the LSE <c>[B,H,1]</c>, float32.</returns>
    public static (Tensor Output, Tensor LogSumExp) Run(
        Tensor q, Tensor k, Tensor v, IReadOnlyList<int> lengths, int window, int sinks, double scale, int? workers)
    {
        using var scope = NewDisposeScope();
        var queries = CudaKernel.Readable(q);
        var output = empty_like(queries);
        var logSumExp = empty([q.size(0), q.size(1), 1], ScalarType.Float32, q.device);
        if (lengths.Count <= MostSequences)
            Launch(queries, k, v, output, logSumExp, lengths, window, sinks, scale, workers);
        else
            for (var first = 0; first < lengths.Count; first += MostSequences)
            {
                var count = Math.Min(MostSequences, lengths.Count - first);
                Tensor Part(Tensor tensor) => tensor.narrow(0, first, count);
                Launch(Part(queries), Part(k), Part(v), Part(output), Part(logSumExp), [.. lengths.Skip(first).Take(count)], window, sinks, scale, workers);
            }
        return (output.MoveToOuterDisposeScope(), logSumExp.MoveToOuterDisposeScope());
    }

    private static void Launch(
        Tensor q, Tensor k, Tensor v, Tensor output, Tensor logSumExp, IReadOnlyList<int> lengths, int window, int sinks, double scale, int? workers)
    {
        var device = CudaDevice.Current();
        var (dim, groups) = ((int)q.size(3), (int)k.size(1));
        var (warps, rows) = (Warps(dim, device), (int)q.size(1) / groups);
        // The kernel's Sequences: where the tiles of each begin, in their row, and its length.
        var sequences = new int[2 * MostSequences + 1];
        for (var i = 0; i < lengths.Count; i++)
        {
            sequences[i + 1] = sequences[i] + groups * Tiles(lengths[i], window, sinks, warps * WarpKeys);
            sequences[MostSequences + 1 + i] = lengths[i];
        }
        var blocks = Math.Min(workers ?? device.Processors, sequences[lengths.Count]);
        string[] defines = [$"D={dim}", $"WARPS={warps}", .. q.dtype == ScalarType.Float16 ? ["HALF"] : Array.Empty<string>()];
        CudaModule.Of("LeanDecode.cu", defines).Kernel("decode", SharedBytes(dim, warps)).Launch(
            (blocks, 1, 1), warps * 32, q, k, v, output, logSumExp,
            Kept(Partials, 2 * blocks * rows * (dim + 2), ScalarType.Float32), Kept(Arrived, lengths.Count * groups, ScalarType.Int32),
            MemoryMarshal.AsBytes(sequences.AsSpan()).ToArray(), lengths.Count, groups, rows, (int)k.size(2), window, sinks, (float)scale);

        Tensor Kept(ConcurrentDictionary<int, Tensor> of, int count, ScalarType dtype)
        {
            var index = q.device_index;
            return of.TryGetValue(index, out var some) && some.numel() >= count ? some : of[index] = New(count, dtype, q.device);
        }
    }

    /// <summary>Tiles that hold a key that is seen, as the kernel counts them.</summary>
    private static int Tiles(int length, int window, int sinks, int tile)
    {
        var first = Math.Max(0, length - window) / tile;
        return Up(length, tile) - first + Math.Min(first, Up(sinks, tile));
    }

    private static Tensor New(int count, ScalarType dtype, Device device)
    {
        var tensor = zeros([Math.Max(count, 1024)], dtype, device);
        tensor.DetachFromDisposeScope();
        return tensor;
    }

    /// <summary>As many warps as have room for their keys and sums; 0 where half of them have none.</summary>
    private static int Warps(int dim, CudaDevice device) => SharedBytes(dim, 8) <= device.SharedBytes ? 8 : SharedBytes(dim, 4) <= device.SharedBytes ? 4 : 0;

    // Of each warp two stages of k and v, its sums in float32, and two numbers a row.
    private static int SharedBytes(int dim, int warps) => warps * (2 * 2 * WarpKeys * dim * 2 + MostRows * dim * 4 + MostRows * 2 * 4);

    private static int Up(int number, int by) => (number + by - 1) / by;
}
