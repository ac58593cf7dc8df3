using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Attn's CUDA kernels of attention in tiles, for Hopper (<c>TileForward.cu</c>, <c>TileBackward.cu</c>): the sigmoid of scores, or their softmax or
/// softplus over its row's sum; bfloat16 or float16, D and Dv up to 128, sums in float32.
/// </summary>
/// <param name="Activation">What becomes of scores.</param>
/// <param name="Sight">Which keys a query sees.</param>
/// <param name="Scale">Factor on the scores.</param>
/// <param name="Bias">Added to them; the sigmoid's alone.</param>
internal sealed record TileKernels(TileActivation Activation, TileSight Sight, double Scale, double Bias = 0)
{
    private const int Rows = 128;
    private const int Narrow = 64;
    private const int Threads = 384;
    private const int Widest = 128;

    // CUDA's bound on the second dimension of a grid, which counts sequences times heads.
    private const int MostSlices = 65_535;

    // A tile of 128 rows by 64 channels, in bytes; room to align tiles, and the barriers.
    private const int Panel = Rows * 128;
    private const int Room = 1024 + 128;

    /// <summary>Whether each row's weights are divided by their sum, which the backward pass then needs.</summary>
    public bool IsNormed => Activation != TileActivation.Sigmoid;

    /// <summary>Whether a call can go to the kernels.</summary>
    public static bool Serves(Tensor q, Tensor k, Tensor v) =>
        q.dtype is ScalarType.BFloat16 or ScalarType.Float16 && q.size(3) <= Widest && v.size(3) <= Widest
        && q.size(0) * q.size(1) <= MostSlices && q.size(2) <= TileSight.Longest && k.size(2) <= TileSight.Longest
        && CudaKernels.Serve(q) && CudaDevice.Current() is { Major: 9 };

    /// <summary>The forward pass.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>, and the rows' norms <c>[B,H,Tq]</c>, float32: a softmax's LSE, a softplus's sum.</returns>
    public (Tensor Output, Tensor? Norms) Forward(Tensor q, Tensor k, Tensor v)
    {
        using var scope = NewDisposeScope();
        var width = Width(q, v);
        var (qp, kp, vp) = (Padded(q, width), Padded(k, width), Padded(v, width));
        var output = empty_like(qp);
        var norms = IsNormed ? empty([q.size(0), q.size(1), q.size(2)], ScalarType.Float32, q.device) : null;
        Module("TileForward.cu", q.dtype, width).Kernel("attend", 5 * Panel * (width / Narrow) + Room).Launch(
            Grid(q, q.size(2)), Threads, TensorMap.Of(qp, Rows), TensorMap.Of(kp, Rows), TensorMap.Of(vp, Rows), output, norms,
            (int)q.size(2), (int)k.size(2), Sight.Offset, Sight.Window, Sight.Sinks, 1, (float)Scale, (float)Bias);
        return (Cut(output, v).MoveToOuterDisposeScope(), norms?.MoveToOuterDisposeScope());
    }

    /// <summary>The gradients by q, k and v.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="outputGradient"><c>[B,H,Tq,Dv]</c>.</param>
    /// <param name="norms">The forward pass's; null for a sigmoid.</param>
    /// <param name="rowDot">Σ dO∘O of each row, <c>[B,H,Tq,1]</c>, float32; null for a sigmoid.</param>
    public (Tensor Dq, Tensor Dk, Tensor Dv) Backward(Tensor q, Tensor k, Tensor v, Tensor outputGradient, Tensor? norms = null, Tensor? rowDot = null)
    {
        using var scope = NewDisposeScope();
        var width = Width(q, v);
        var (qp, kp, vp, gp) = (Padded(q, width), Padded(k, width), Padded(v, width), Padded(outputGradient.to(q.dtype), width));
        var (dq, dk, dv) = (empty_like(qp), empty_like(kp), empty_like(vp));
        var shared = (2 * Panel + 4 * Panel / 2) * (width / Narrow) + Room;
        var (delta, sums) = (rowDot?.contiguous(), norms?.contiguous());
        Module("TileBackward.cu", q.dtype, width, "KEYS").Kernel("attend_gradient", shared).Launch(
            Grid(k, k.size(2)), Threads, TensorMap.Of(kp, Rows), TensorMap.Of(vp, Rows), TensorMap.Of(qp, Narrow), TensorMap.Of(gp, Narrow), sums, delta, dk, dv,
            (int)q.size(2), (int)k.size(2), Sight.Offset, Sight.Window, Sight.Sinks, 1, (float)Scale, (float)Bias);
        Module("TileBackward.cu", q.dtype, width).Kernel("attend_gradient", shared).Launch(
            Grid(q, q.size(2)), Threads, TensorMap.Of(qp, Rows), TensorMap.Of(gp, Rows), TensorMap.Of(kp, Narrow), TensorMap.Of(vp, Narrow), sums, delta, dq, (Tensor?)null,
            (int)q.size(2), (int)k.size(2), Sight.Offset, Sight.Window, Sight.Sinks, 1, (float)Scale, (float)Bias);
        return (Cut(dq, q).MoveToOuterDisposeScope(), Cut(dk, k).MoveToOuterDisposeScope(), Cut(dv, v).MoveToOuterDisposeScope());
    }

    private CudaModule Module(string source, ScalarType dtype, int width, params string[] defines)
    {
        List<string> all = [$"D={width}", .. defines];
        if (IsNormed)
            all.Add(Activation == TileActivation.Softmax ? "SOFTMAX" : "SOFTPLUS");
        if (dtype == ScalarType.Float16)
            all.Add("HALF");
        return CudaModule.Of(source, [.. all]);
    }

    private static (int X, int Y, int Z) Grid(Tensor tensor, long rows) => ((int)((rows + Rows - 1) / Rows), (int)(tensor.size(0) * tensor.size(1)), 1);

    private static int Width(Tensor q, Tensor v) => Math.Max(q.size(3), v.size(3)) <= Narrow ? Narrow : Widest;

    private static Tensor Padded(Tensor tensor, long width) =>
        CudaKernel.Readable(tensor.size(3) == width ? tensor : nn.functional.pad(tensor, [0, width - tensor.size(3)]));

    private static Tensor Cut(Tensor tensor, Tensor like) => tensor.size(3) == like.size(3) ? tensor : tensor.narrow(3, 0, like.size(3));
}
