namespace Attn.Kernels.Cuda;

/// <summary>A call to the CUDA driver or to NVRTC failed; the message names the call and its status.</summary>
public sealed class CudaException : Exception
{
    internal CudaException(string message) : base(message)
    {
    }
}
