using static TorchSharp.torch;

namespace Attn.Kernels.Cuda;

/// <summary>The GPU that libtorch works on at present, as kernels need to know it.</summary>
/// <param name="Major">Compute capability, such as 9 of 9.0.</param>
/// <param name="Minor">Compute capability, such as 0 of 9.0.</param>
/// <param name="Processors">Multiprocessors.</param>
/// <param name="SharedBytes">Shared memory that one block may have, bytes.</param>
internal sealed record CudaDevice(int Major, int Minor, int Processors, int SharedBytes)
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, CudaDevice> Known = [];

    /// <summary>What NVRTC calls the architecture. The features of Hopper alone need the suffix.</summary>
    public string Architecture { get; } = Major >= 9 ? $"sm_{Major}{Minor}a" : $"sm_{Major}{Minor}";

    /// <summary>The device of the context that is current on this thread, which libtorch's operations have made.</summary>
    public static CudaDevice Current()
    {
        NativeMethods.ThrowIfFailed(NativeMethods.cuCtxGetCurrent(out var context), nameof(NativeMethods.cuCtxGetCurrent));
        if (context == 0)
            cuda.synchronize();
        NativeMethods.ThrowIfFailed(NativeMethods.cuCtxGetDevice(out var device), nameof(NativeMethods.cuCtxGetDevice));
        lock (Gate)
            return Known.TryGetValue(device, out var known) ? known : Known[device] = new(
                Attribute(75, device), Attribute(76, device), Attribute(16, device), Attribute(97, device));
    }

    private static int Attribute(int attribute, int device)
    {
        NativeMethods.ThrowIfFailed(NativeMethods.cuDeviceGetAttribute(out var value, attribute, device), nameof(NativeMethods.cuDeviceGetAttribute));
        return value;
    }
}
