using static TorchSharp.torch;

namespace Attn.Kernels.Cuda;

/// <summary>A tensor <c>[…,T,D]</c> as Hopper's copy engine knows it: it brings boxes of rows by 64 channels, swizzled by 128 bytes.</summary>
/// <param name="Tensor">The tensor, which must live as long as the copies.</param>
/// <param name="Bytes">The driver's description of it.</param>
internal sealed unsafe record TensorMap(Tensor Tensor, byte[] Bytes)
{
    private const int Size = 128;
    private const int Alignment = 64;
    private const int Float16 = 6, BFloat16 = 9, Swizzle128 = 3, Promote128 = 2;
    private const uint Channels = 64;

    /// <summary>Describes a tensor.</summary>
    /// <param name="tensor">Half precision, a multiple of 64 channels, and <see cref="CudaKernel.CanRead"/> holds of it.</param>
    /// <param name="rows">Rows of a box, at most 256.</param>
    public static TensorMap Of(Tensor tensor, int rows)
    {
        var (length, channels) = ((ulong)tensor.size(-2), (ulong)tensor.size(-1));
        var sizes = stackalloc ulong[] { channels, length, (ulong)tensor.numel() / (length * channels) };
        var strides = stackalloc ulong[] { channels * 2, length * channels * 2 };
        var box = stackalloc uint[] { Channels, (uint)rows, 1 };
        var steps = stackalloc uint[] { 1, 1, 1 };
        var room = stackalloc byte[Size + Alignment];
        var map = (byte*)(((nint)room + Alignment - 1) & -Alignment);
        NativeMethods.ThrowIfFailed(
            NativeMethods.cuTensorMapEncodeTiled(
                map, tensor.dtype == ScalarType.BFloat16 ? BFloat16 : Float16, 3, CudaKernel.Address(tensor), sizes, strides, box, steps, 0, Swizzle128, Promote128, 0),
            nameof(NativeMethods.cuTensorMapEncodeTiled));
        return new(tensor, new Span<byte>(map, Size).ToArray());
    }
}
