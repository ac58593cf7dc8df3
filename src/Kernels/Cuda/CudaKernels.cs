using static TorchSharp.torch;

namespace Attn.Kernels.Cuda;

/// <summary>
/// Whether Attn's own CUDA kernels can be used here. Where they cannot, every mechanism computes by libtorch's operations, on the GPU too.
/// </summary>
public static class CudaKernels
{
    private static readonly Lazy<string?> Missing = new(FindMissing);
    private static string? _failure;

    /// <summary>Why they cannot be used; null when they can.</summary>
    public static string? Reason => _failure ?? Missing.Value;

    /// <summary>Whether they can be used for a tensor: on a CUDA device, with driver and compiler found.</summary>
    internal static bool Serve(Tensor tensor) => tensor.device_type == TorchSharp.DeviceType.CUDA && Reason is null;

    /// <summary>
    /// The dtype in which operands made from a tensor, such as rotated queries, go to a form that may have a kernel: its own where the kernels can read
    /// it, else its accumulator's.
    /// </summary>
    internal static ScalarType OperandType(Tensor tensor) =>
        tensor.dtype == ScalarType.BFloat16 && Serve(tensor) ? tensor.dtype : Accumulator.For(tensor.dtype);

    /// <summary>
    /// Runs a kernel; where it does not compile or cannot be launched, says so once, does without kernels from then on, and gives null.
    /// </summary>
    internal static T? TryRun<T>(Func<T> run)
        where T : class
    {
        try
        {
            return run();
        }
        catch (CudaException failure)
        {
            if (Interlocked.CompareExchange(ref _failure, failure.Message, null) is null)
                Console.Error.WriteLine($"attn: computing by libtorch from now on: {failure.Message}");
            return null;
        }
    }

    private static string? FindMissing()
    {
        if (!cuda.is_available())
            return "no CUDA device that libtorch can use";
        if (CudaLibraries.FindDriver() is null)
            return "no CUDA driver library";
        return CudaLibraries.FindNvrtc(Torch.LibTorch.Status?.Chosen?.Folder) is null ? "no NVRTC to compile them" : null;
    }
}
