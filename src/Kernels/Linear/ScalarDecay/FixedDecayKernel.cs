using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Attn's CUDA kernel of linear attention with one fixed decay a head (<c>FixedDecay.cu</c>, and <c>FixedDecayHopper.cu</c> where it is
/// faster): bfloat16, D and Dv up to 128, sums in float32. The tokens of a head are cut into segments where sequences and heads alone would
/// not fill the GPU. Not float16: products take the state as a number of the inputs' kind, and a sum over tokens soon passes 65,504.
/// </summary>
internal static class FixedDecayKernel
{
    private const int Chunk = 128;
    private const int ValueBlock = 64;
    private const int Threads = 256;
    private const int Widest = 128;

    // CUDA's bound on the second dimension of a grid, which counts sequences times heads.
    private const int MostSlices = 65_535;

    // Two stages of q, k, v and weighted v, and two states, in panels of 128 rows by 128 bytes; room to align them; four barriers.
    private const int HopperBytes = (2 * 6 + 2) * Chunk * 128 + 1024 + 4 * 8;
    private const int HopperThreads = 384;

    /// <summary>Whether a call can go to the kernel.</summary>
    public static bool Serves(Tensor q, Tensor v, Tensor logDecay) =>
        q.dtype == ScalarType.BFloat16 && q.size(3) <= Widest && v.size(3) <= Widest && q.size(0) * q.size(1) <= MostSlices
        && logDecay.size(2) == 1 && !logDecay.requires_grad && CudaKernels.Serve(q) && CudaDevice.Current() is { Major: >= 8 };

    /// <summary>The forward pass, in the order of the tokens or against it.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logDecay"><c>[B|1,H,1,1]</c>, at most 0.</param>
    /// <param name="state"><c>[B,H,D,Dv]</c> in float32; zero when null.</param>
    /// <param name="scale">Factor on the output.</param>
    /// <param name="reverse">Whether the last token comes first.</param>
    /// <param name="late">Whether the first token scanned sees <paramref name="state"/> undecayed.</param>
    /// <returns><c>[B,H,T,Dv]</c> in bfloat16 and the state after the last token scanned, float32.</returns>
    public static (Tensor Output, Tensor State) Run(
        Tensor q, Tensor k, Tensor v, Tensor logDecay, Tensor? state, double scale, bool reverse = false, bool late = false)
    {
        using var scope = NewDisposeScope();
        var (dim, values) = (q.size(3), v.size(3));
        var width = dim <= 64 ? 64 : 128;
        var (qp, kp, vp) = (Padded(q, width), Padded(k, width), Padded(v, ScanSegments.Up(values, ValueBlock) * ValueBlock));
        var (batch, heads, length, padded) = ((int)q.size(0), (int)q.size(1), (int)q.size(2), (int)vp.size(3));
        var start = state is null ? null : (padded == values && width == dim ? state : nn.functional.pad(state, [0, padded - values, 0, width - dim])).contiguous();
        var decay = CudaKernel.Readable(logDecay.to(ScalarType.Float32));
        var output = empty([batch, heads, length, padded], q.dtype, q.device);
        var final = empty([batch, heads, width, padded], ScalarType.Float32, q.device);

        var device = CudaDevice.Current();
        var (blocks, decays) = (batch * heads * (padded / ValueBlock), (int)decay.numel());
        var part = ScanSegments.Length(length, Chunk, blocks, device.Processors);
        var segments = ScanSegments.Up(length, part);
        var (stages, shared) = Memory(width, device.SharedBytes, statesOnly: false);
        if (segments > 1)
        {
            var starts = empty([batch * heads, segments, width, padded], ScalarType.Float32, q.device);
            var (fewer, less) = Memory(width, device.SharedBytes, statesOnly: true);
            var states = CudaModule.Of("FixedDecay.cu", $"D={width}", $"STAGES={fewer}", "STATES_ONLY");
            states.Kernel("fixed_decay", less).Launch(
                (padded / ValueBlock, batch * heads, segments - 1), Threads,
                qp, kp, vp, decay, (Tensor?)null, (Tensor?)null, starts, decays, length, padded, part, reverse, late, (float)scale);
            states.Kernel("carry_states").Launch(
                (ScanSegments.Up(width * padded, Threads), batch * heads, 1), Threads, starts, start, decay, decays, segments, width * padded, part, late);
            start = starts;
        }
        var hopper = width == 128 && device.Major == 9 && device.SharedBytes >= HopperBytes;
        var kernel = hopper
            ? CudaModule.Of("FixedDecayHopper.cu").Kernel("fixed_decay", HopperBytes)
            : CudaModule.Of("FixedDecay.cu", $"D={width}", $"STAGES={stages}").Kernel("fixed_decay", shared);
        kernel.Launch(
            (padded / ValueBlock, batch * heads, segments), hopper ? HopperThreads : Threads,
            qp, kp, vp, decay, start, output, final, decays, length, padded, part, reverse, late, (float)scale);
        return (Cut(output, 3, values).MoveToOuterDisposeScope(), Cut(Cut(final, 2, dim), 3, values).MoveToOuterDisposeScope());
    }

    /// <summary>Two chunks in shared memory where they fit, and the bytes.</summary>
    private static (int Stages, int Bytes) Memory(int width, int available, bool statesOnly)
    {
        int Bytes(int stages) => stages * Chunk * ((statesOnly ? 1 : 2) * width + ValueBlock) * 2 + (statesOnly ? 0 : width * ValueBlock * 2);
        return Bytes(2) <= available ? (2, Bytes(2)) : (1, Bytes(1));
    }

    private static Tensor Cut(Tensor tensor, int dimension, long size) => tensor.size(dimension) == size ? tensor : tensor.narrow(dimension, 0, size);

    private static Tensor Padded(Tensor tensor, long width) =>
        CudaKernel.Readable(tensor.size(3) == width ? tensor : nn.functional.pad(tensor, [0, width - tensor.size(3)]));
}
