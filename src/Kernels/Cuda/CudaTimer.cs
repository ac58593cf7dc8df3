namespace Attn.Kernels.Cuda;

/// <summary>Times what runs on libtorch's stream, by the GPU's own clock.</summary>
public sealed class CudaTimer : IDisposable
{
    private readonly nint _start;
    private readonly nint _end;

    /// <summary>Makes the timer.</summary>
    /// <exception cref="CudaException">There is no GPU, or its driver refuses.</exception>
    public CudaTimer()
    {
        CudaDevice.Current();
        NativeMethods.ThrowIfFailed(NativeMethods.cuEventCreate(out _start, 0), nameof(NativeMethods.cuEventCreate));
        NativeMethods.ThrowIfFailed(NativeMethods.cuEventCreate(out _end, 0), nameof(NativeMethods.cuEventCreate));
    }

    /// <summary>What the GPU takes for some work, milliseconds; waits for it.</summary>
    /// <param name="work">Asks the GPU for it.</param>
    public double Milliseconds(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        NativeMethods.ThrowIfFailed(NativeMethods.cuEventRecord(_start, 0), nameof(NativeMethods.cuEventRecord));
        work();
        NativeMethods.ThrowIfFailed(NativeMethods.cuEventRecord(_end, 0), nameof(NativeMethods.cuEventRecord));
        NativeMethods.ThrowIfFailed(NativeMethods.cuEventSynchronize(_end), nameof(NativeMethods.cuEventSynchronize));
        NativeMethods.ThrowIfFailed(NativeMethods.cuEventElapsedTime(out var milliseconds, _start, _end), nameof(NativeMethods.cuEventElapsedTime));
        return milliseconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMethods.cuEventDestroy(_start);
        NativeMethods.cuEventDestroy(_end);
    }
}
