using System.Globalization;
using static TorchSharp.torch;

namespace Attn.Notebook.Tensors;

/// <summary>The corners of a tensor's last two dimensions as text, with dots for what lies between.</summary>
internal static class TensorValues
{
    /// <summary>A scalar's value.</summary>
    public static string Scalar(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return Cells(tensor.reshape(1, 1))[0, 0];
    }

    /// <summary>Aligned rows of values, at most so many rows and columns.</summary>
    public static string Block(Tensor tensor, int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var matrix = TensorSample.Matrix(tensor);
        var (r, c) = (Ends(matrix.size(0), rows), Ends(matrix.size(1), columns));
        var cells = Cells(matrix.index_select(0, At(r, matrix)).index_select(1, At(c, matrix)));
        var width = cells.Cast<string>().Max(cell => cell.Length);
        var lines = new List<string>();
        for (var i = 0; i < r.Count; i++)
        {
            if (i > 0 && r[i] != r[i - 1] + 1)
                lines.Add($" {"⋮".PadLeft(width)}");
            var row = Enumerable.Range(0, c.Count).Select(j => (j > 0 && c[j] != c[j - 1] + 1 ? "… " : "") + cells[i, j].PadLeft(width));
            lines.Add($"[{string.Join("  ", row)}]");
        }

        return string.Join('\n', lines);
    }

    private static Tensor At(List<long> places, Tensor of) => tensor(places.ToArray(), device: of.device);

    /// <summary>The first two thirds and the last third of so many places.</summary>
    private static List<long> Ends(long size, int most)
    {
        if (size <= most)
            return [.. Enumerable.Range(0, (int)size).Select(i => (long)i)];
        var tail = most / 3;
        return [.. Enumerable.Range(0, most - tail).Select(i => (long)i), .. Enumerable.Range(0, tail).Select(i => size - tail + i)];
    }

    private static string[,] Cells(Tensor matrix)
    {
        var cells = new string[matrix.size(0), matrix.size(1)];
        var complex = matrix.is_complex();
        var real = TensorSample.Grid(complex ? matrix.real : matrix);
        var imaginary = complex ? TensorSample.Grid(matrix.imag) : null;
        for (var i = 0; i < cells.GetLength(0); i++)
            for (var j = 0; j < cells.GetLength(1); j++)
                cells[i, j] = imaginary is null ? Cell(real[i, j], matrix.dtype) : $"{Number(real[i, j])}{imaginary[i, j].ToString("+0.###;-0.###;+0", CultureInfo.InvariantCulture)}i";
        return cells;
    }

    private static string Cell(double value, ScalarType type) => type == ScalarType.Bool ? value == 0 ? "false" : "true" : Number(value);

    /// <summary>Whole numbers in full, others to five digits.</summary>
    public static string Number(double value) => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        _ when value == Math.Truncate(value) && Math.Abs(value) < 1e15 => value.ToString("0", CultureInfo.InvariantCulture),
        _ => value.ToString(Math.Abs(value) is >= 1e-4 and < 1e6 ? "G5" : "0.####e+0", CultureInfo.InvariantCulture),
    };
}
