using System.Globalization;
using static TorchSharp.torch;

namespace Attn.Notebook.Tensors;

/// <summary>What a tensor is, in words.</summary>
internal static class TensorHeader
{
    /// <summary>Such as <c>float32 [2, 4, 64] on cpu, requires grad</c>.</summary>
    public static string Of(Tensor tensor)
    {
        var grad = tensor.requires_grad ? ", requires grad" : "";
        return $"{tensor.dtype.ToString().ToLowerInvariant()} {Shape(tensor)} on {tensor.device}{grad}";
    }

    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    /// <summary>Such as <c>512 values, 2 KiB</c>.</summary>
    public static string Size(Tensor tensor) => $"{Count(tensor.numel())} values, {Bytes(tensor.numel() * tensor.element_size())}";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(double bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        for (; bytes >= 1024 && unit < units.Length - 1; unit++)
            bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.##} {units[unit]}");
    }
}
