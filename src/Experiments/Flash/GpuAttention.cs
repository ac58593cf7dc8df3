using System.Diagnostics;
using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// Fused attention (libtorch's own kernel) against materialised attention (matmul, softmax, matmul in the same library) on a GPU,
/// bfloat16, noncausal.
/// </summary>
public static class GpuAttention
{
    private const int Width = 64;
    private const int MostRepeats = 1000;

    // What autograd keeps for a call is freed when .NET's collector comes by, after a round and not at the call's end: more of them would not fit.
    private const int MostWithGradients = 150;
    private const int Rounds = 5;

    // A round of short calls lasts so long; of long ones it is one call.
    private const double RoundMilliseconds = 40;

    // .NET compiles what it meets a few dozen times anew, and better; until then the host takes longer to ask than the GPU to answer.
    private static readonly TimeSpan Warming = TimeSpan.FromMilliseconds(300);

    /// <summary>softmax(QKᵀ/√d)·V with the scores in slow memory.</summary>
    /// <param name="q"><c>[B,H,T,64]</c>.</param>
    /// <param name="k"><c>[B,H,T,64]</c>.</param>
    /// <param name="v"><c>[B,H,T,64]</c>.</param>
    public static Tensor Materialised(Tensor q, Tensor k, Tensor v) => (q * (1 / Math.Sqrt(Width))).matmul(k.transpose(-2, -1)).softmax(-1).matmul(v);

    /// <summary>PyTorch's fused kernel.</summary>
    /// <inheritdoc cref="Materialised"/>
    public static Tensor Fused(Tensor q, Tensor k, Tensor v) => nn.functional.scaled_dot_product_attention(q, k, v);

    /// <summary>The median time of one call, milliseconds.</summary>
    /// <param name="attention">What is timed.</param>
    /// <param name="length">T, tokens.</param>
    /// <param name="slices">Batch entries times heads.</param>
    /// <param name="backward">Whether the gradients are computed too.</param>
    /// <param name="device">Where; the GPU when null.</param>
    /// <param name="dim">D, channels of a head.</param>
    public static double Milliseconds(
        Func<Tensor, Tensor, Tensor, Tensor> attention, int length, int slices, bool backward, Device? device = null, int dim = Width)
    {
        ArgumentNullException.ThrowIfNull(attention);
        using var scope = NewDisposeScope();
        return Milliseconds(Call(attention, length, slices, backward, device ?? CUDA, dim), device, backward ? MostWithGradients : MostRepeats);
    }

    /// <summary>The median time of one call, milliseconds, of five rounds after a third of a second of them; tensors that it makes are freed.</summary>
    /// <param name="call">What is timed.</param>
    /// <param name="device">Where; the GPU when null.</param>
    public static double Milliseconds(Action call, Device? device = null) => Milliseconds(call, device, MostRepeats);

    private static double Milliseconds(Action call, Device? device, int most)
    {
        ArgumentNullException.ThrowIfNull(call);
        Time(1); // A kernel may be compiled.
        var clock = Stopwatch.StartNew();
        var repeats = 1;
        do
            repeats = Math.Clamp((int)(RoundMilliseconds / Time(repeats)), 1, most);
        while (clock.Elapsed < Warming);
        return Enumerable.Range(0, Rounds).Select(_ => Time(repeats)).Order().ElementAt(Rounds / 2);

        double Time(int calls)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Finish();
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < calls; i++)
            {
                using var scope = NewDisposeScope();
                call();
            }
            Finish();
            return watch.Elapsed.TotalMilliseconds / calls;
        }

        void Finish()
        {
            if (device is null)
                cuda.synchronize();
        }
    }

    /// <summary>
    /// The memory that forward and backward pass take at each length, bytes, inputs included; each length starts from an empty cache.
    /// </summary>
    /// <param name="attention">What is measured.</param>
    /// <param name="lengths">T.</param>
    /// <param name="slices">Batch entries times heads.</param>
    public static double[] PeakBytes(Func<Tensor, Tensor, Tensor, Tensor> attention, IReadOnlyList<int> lengths, int slices)
    {
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentNullException.ThrowIfNull(lengths);
        return [.. lengths.Select(length =>
        {
            DeviceMemory.ReleaseCache();
            var before = DeviceMemory.UsedBytes();
            using var scope = NewDisposeScope();
            Call(attention, length, slices, backward: true, CUDA, Width)();
            return (double)(DeviceMemory.UsedBytes() - before);
        })];
    }

    private static Action Call(Func<Tensor, Tensor, Tensor, Tensor> attention, int length, int slices, bool backward, Device device, int dim)
    {
        Tensor Normal() => randn([1, slices, length, dim], ScalarType.BFloat16, device);
        var (q, k, v, gradient) = (Normal().requires_grad_(backward), Normal().requires_grad_(backward), Normal().requires_grad_(backward), Normal());
        return () =>
        {
            var output = attention(q, k, v);
            if (backward)
                output.backward([gradient]);
        };
    }
}
