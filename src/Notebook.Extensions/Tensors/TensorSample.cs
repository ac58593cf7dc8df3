using static TorchSharp.torch;

namespace Attn.Notebook.Tensors;

/// <summary>Reads few values of a tensor of any size: only what is read is copied, from any device and dtype.</summary>
internal static class TensorSample
{
    /// <summary>A view of at most <paramref name="limit"/> elements, thinned by steps along the longest dimensions.</summary>
    public static Tensor Thin(Tensor tensor, long limit)
    {
        while (tensor.numel() > limit)
        {
            var dim = Enumerable.Range(0, (int)tensor.dim()).MaxBy(d => tensor.shape[d]);
            var size = tensor.shape[dim];
            var step = Math.Min(size, (tensor.numel() + limit - 1) / limit);
            tensor = tensor.slice(dim, 0, size, step);
        }

        return tensor;
    }

    /// <summary>The 2-d view of the last two dimensions, at index 0 of all before; a vector is one row.</summary>
    public static Tensor Matrix(Tensor tensor)
    {
        while (tensor.dim() > 2)
            tensor = tensor.select(0, 0);
        return tensor.dim() == 1 ? tensor.unsqueeze(0) : tensor;
    }

    /// <summary>Rows and columns at steps, so that there are at most so many.</summary>
    public static (Tensor View, long RowStep, long ColumnStep) Thin(Tensor matrix, long rows, long columns)
    {
        var (rowStep, columnStep) = (Step(matrix.size(0), rows), Step(matrix.size(1), columns));
        return (matrix.slice(0, 0, matrix.size(0), rowStep).slice(1, 0, matrix.size(1), columnStep), rowStep, columnStep);
    }

    /// <summary>The values as doubles: absolute values of complex numbers, 0 and 1 for booleans.</summary>
    public static double[] Values(Tensor view)
    {
        var real = view.is_complex() ? view.abs() : view;
        return real.to(ScalarType.Float64, CPU).contiguous().data<double>().ToArray();
    }

    /// <summary>A 2-d view's values.</summary>
    public static double[,] Grid(Tensor view)
    {
        var grid = new double[view.size(0), view.size(1)];
        Buffer.BlockCopy(Values(view), 0, grid, 0, grid.Length * sizeof(double));
        return grid;
    }

    private static long Step(long size, long most) => Math.Max(1, (size + most - 1) / most);
}
