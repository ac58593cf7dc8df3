using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Attn.Kernels.Cuda;

/// <summary>How much memory of the current GPU is taken, by the driver's account.</summary>
public static unsafe class DeviceMemory
{
    /// <summary>
    /// Bytes taken by all processes together. libtorch keeps what it freed, so after a computation this is the most that the computation
    /// held at once, rounded up to the blocks in which libtorch takes memory.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no CUDA device, no driver library, or the driver refuses.</exception>
    public static long UsedBytes()
    {
        if (!cuda.is_available() || CudaLibraries.FindDriver() is not { } driver)
            throw new InvalidOperationException("DeviceMemory: got no CUDA device that libtorch can use, needs one.");
        // Waiting also makes libtorch's context current on this thread.
        cuda.synchronize();
        var call = (delegate* unmanaged<nuint*, nuint*, int>)NativeLibrary.GetExport(NativeLibrary.Load(driver), "cuMemGetInfo_v2");
        nuint free, total;
        if (call(&free, &total) is not 0 and var status)
            throw new InvalidOperationException($"DeviceMemory: cuMemGetInfo gave status {status}, needs 0.");
        return (long)(total - free);
    }
}
