namespace Attn.Theory.Numerics;

/// <summary>Dense matrices of a few dozen rows in float64, where calling a library would cost more than the arithmetic.</summary>
public static class SmallMatrix
{
    /// <summary>The inverse of a square matrix, by Gauss–Jordan elimination with partial pivoting.</summary>
    /// <exception cref="ArgumentException">The matrix is not square or is singular.</exception>
    public static double[,] Inverse(double[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var n = matrix.GetLength(0);
        if (matrix.GetLength(1) != n)
            throw new ArgumentException($"matrix: got {n}×{matrix.GetLength(1)}, needs a square one.", nameof(matrix));

        var a = (double[,])matrix.Clone();
        var inverse = Identity(n);
        for (var column = 0; column < n; column++)
        {
            var pivot = PivotRow(a, column);
            if (a[pivot, column] == 0)
                throw new ArgumentException("matrix: got a singular one, needs an invertible one.", nameof(matrix));
            SwapRows(a, pivot, column);
            SwapRows(inverse, pivot, column);
            var scale = 1 / a[column, column];
            for (var j = 0; j < n; j++)
                (a[column, j], inverse[column, j]) = (a[column, j] * scale, inverse[column, j] * scale);
            for (var i = 0; i < n; i++)
                if (i != column && a[i, column] is var factor and not 0)
                    for (var j = 0; j < n; j++)
                        (a[i, j], inverse[i, j]) = (a[i, j] - factor * a[column, j], inverse[i, j] - factor * inverse[column, j]);
        }

        return inverse;
    }

    /// <summary>The n×n identity.</summary>
    public static double[,] Identity(int n)
    {
        var identity = new double[n, n];
        for (var i = 0; i < n; i++)
            identity[i, i] = 1;
        return identity;
    }

    private static int PivotRow(double[,] a, int column)
    {
        var best = column;
        for (var i = column + 1; i < a.GetLength(0); i++)
            if (Math.Abs(a[i, column]) > Math.Abs(a[best, column]))
                best = i;
        return best;
    }

    private static void SwapRows(double[,] a, int i, int k)
    {
        if (i == k)
            return;
        for (var j = 0; j < a.GetLength(1); j++)
            (a[i, j], a[k, j]) = (a[k, j], a[i, j]);
    }
}
