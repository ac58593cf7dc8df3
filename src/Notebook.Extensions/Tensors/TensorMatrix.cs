using static TorchSharp.torch;

namespace Attn.Notebook.Tensors;

/// <summary>Copies a 2-d tensor into an array.</summary>
internal static class TensorMatrix
{
    public static double[,] Of(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.IsInvalid)
            throw new ArgumentException("values: got a disposed tensor, needs a live one.", nameof(values));
        if (values.dim() != 2 || values.is_complex())
            throw new ArgumentException(
                $"values: got {values.dtype} [{string.Join(", ", values.shape)}], needs a real tensor of two dimensions.", nameof(values));
        using var scope = NewDisposeScope();
        var flat = values.detach().to(ScalarType.Float64, CPU).contiguous().data<double>().ToArray();
        var matrix = new double[values.size(0), values.size(1)];
        Buffer.BlockCopy(flat, 0, matrix, 0, flat.Length * sizeof(double));
        return matrix;
    }
}
