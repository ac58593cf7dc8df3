using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The dtype in which sums are kept: half-precision inputs are summed in float32, which long sequences need.</summary>
internal static class Accumulator
{
    /// <summary>float64 for float64, else float32.</summary>
    public static ScalarType For(ScalarType dtype) => dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The tensor in its accumulator's dtype; itself where it is that already.</summary>
    public static Tensor Widen(this Tensor tensor) => tensor.to(For(tensor.dtype));
}
