using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Attn.Kernels.Cuda;

/// <summary>A kernel that can be launched on libtorch's stream, so that it runs after what libtorch was asked before, and before what comes later.</summary>
internal sealed unsafe partial class CudaKernel(nint function, string name, int sharedBytes)
{
    // What the structures of the copy engine want.
    private const int Alignment = 64;

    /// <summary>The address of a tensor's first element.</summary>
    public static nint Address(Tensor tensor) => THSTensor_data(tensor.Handle);

    /// <summary>Whether kernels can read a tensor as it lies: without gaps, from a multiple of 16 bytes on, which they read at a time.</summary>
    public static bool CanRead(Tensor tensor) => tensor.is_contiguous() && Address(tensor) % 16 == 0;

    /// <summary>The tensor, or a copy that kernels can read. A view may have no gaps and still begin anywhere.</summary>
    public static Tensor Readable(Tensor tensor)
    {
        if (CanRead(tensor))
            return tensor;
        // In this order: a copy alone would have the strides of what it is a copy of.
        var whole = tensor.contiguous();
        return CanRead(whole) ? whole : whole.clone();
    }

    /// <summary>Launches the kernel; it may still run when this returns.</summary>
    /// <param name="grid">Blocks.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="arguments">The kernel's arguments, in order.</param>
    public void Launch((int X, int Y, int Z) grid, int threads, params ReadOnlySpan<KernelArgument> arguments)
    {
        var values = stackalloc long[arguments.Length];
        var pointers = stackalloc void*[arguments.Length];
        var blocks = stackalloc byte[BlockBytes(arguments) + Alignment];
        var free = (byte*)(((nint)blocks + Alignment - 1) & -Alignment);
        for (var i = 0; i < arguments.Length; i++)
        {
            values[i] = arguments[i].Bits;
            pointers[i] = values + i;
            if (arguments[i].Block is not { } block)
                continue;
            block.CopyTo(new Span<byte>(free, block.Length));
            pointers[i] = free;
            free += Rounded(block.Length);
        }
        var status = NativeMethods.cuLaunchKernel(
            function, (uint)grid.X, (uint)grid.Y, (uint)grid.Z, (uint)threads, 1, 1, (uint)sharedBytes, 0, pointers, null);
        foreach (var argument in arguments)
            GC.KeepAlive(argument.Tensor);
        if (status != 0)
            NativeMethods.ThrowIfFailed(status, $"{nameof(NativeMethods.cuLaunchKernel)} of {name}");
    }

    private static int BlockBytes(ReadOnlySpan<KernelArgument> arguments)
    {
        var bytes = 0;
        foreach (var argument in arguments)
            bytes += Rounded(argument.Block?.Length ?? 0);
        return bytes;
    }

    private static int Rounded(int bytes) => (bytes + Alignment - 1) & -Alignment;

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint handle);

    /// <summary>One argument: a tensor's first element, a number, a null pointer, or a structure's bytes.</summary>
    internal readonly record struct KernelArgument(long Bits, Tensor? Tensor, byte[]? Block = null)
    {
        /// <summary>The address of a tensor's first element; null gives a null pointer.</summary>
        public static implicit operator KernelArgument(Tensor? tensor) => new(tensor is null ? 0 : Address(tensor), tensor);

        /// <summary>A structure by value.</summary>
        public static implicit operator KernelArgument(byte[] block) => new(0, null, block);

        /// <summary>A tensor as the copy engine knows it.</summary>
        public static implicit operator KernelArgument(TensorMap map) => new(0, map.Tensor, map.Bytes);

        public static implicit operator KernelArgument(int number) => new(number, null);

        public static implicit operator KernelArgument(float number) => new(BitConverter.SingleToInt32Bits(number), null);

        public static implicit operator KernelArgument(bool flag) => new(flag ? 1 : 0, null);
    }
}
