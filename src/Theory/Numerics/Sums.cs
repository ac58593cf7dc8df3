using System.Numerics;
using System.Runtime.Intrinsics;

namespace Attn.Theory.Numerics;

/// <summary>
/// Arithmetic whose every rounding is fixed, so that a seed fixes a run to the last bit. That of <c>TensorPrimitives</c> is not: its sums depend
/// on where in memory the numbers lie, and its x·y + z is rounded once or twice, as the code at hand was compiled.
/// </summary>
internal static class Sums
{
    private const int Lanes = 4, Block = 4 * Lanes; // Sixteen sums side by side: one alone waits for each addition to end.

    /// <summary>Σ xᵢyᵢ; both of one length.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (a, b, c, d, i) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, 0);
        for (; i <= x.Length - Block; i += Block)
        {
            a += At(x, i) * At(y, i);
            b += At(x, i + Lanes) * At(y, i + Lanes);
            c += At(x, i + 2 * Lanes) * At(y, i + 2 * Lanes);
            d += At(x, i + 3 * Lanes) * At(y, i + 3 * Lanes);
        }

        for (; i <= x.Length - Lanes; i += Lanes)
            a += At(x, i) * At(y, i);
        var sum = Total(a + b + (c + d));
        for (; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>Σ xᵢ.</summary>
    public static double Of(ReadOnlySpan<double> x)
    {
        var (a, b, c, d, i) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, 0);
        for (; i <= x.Length - Block; i += Block)
        {
            a += At(x, i);
            b += At(x, i + Lanes);
            c += At(x, i + 2 * Lanes);
            d += At(x, i + 3 * Lanes);
        }

        for (; i <= x.Length - Lanes; i += Lanes)
            a += At(x, i);
        var sum = Total(a + b + (c + d));
        for (; i < x.Length; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>√Σ xᵢ².</summary>
    public static double Norm(ReadOnlySpan<double> x) => Math.Sqrt(Dot(x, x));

    /// <summary>sum ← sum + factor·x, the product rounded first.</summary>
    public static void Add(ReadOnlySpan<double> x, double factor, Span<double> sum)
    {
        var (width, i) = (Vector<double>.Count, 0);
        for (; i <= x.Length - width; i += width)
            (new Vector<double>(sum[i..]) + new Vector<double>(x[i..]) * factor).CopyTo(sum[i..]);
        for (; i < x.Length; i++)
            sum[i] += x[i] * factor;
    }

    /// <summary>e to the power of each, within two units of the last place; 0 below e^−707.</summary>
    public static void Exp(Span<double> x)
    {
        var i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
            Exp(Vector256.Create<double>(x[i..])).CopyTo(x[i..]);
        if (i == x.Length)
            return;
        Span<double> last = stackalloc double[Lanes];
        last.Clear();
        x[i..].CopyTo(last);
        Exp(Vector256.Create<double>(last)).CopyTo(last);
        last[..(x.Length - i)].CopyTo(x[i..]);
    }

    // e^x = 2^k e^r with k whole and |r| ≤ ½ ln 2, e^r by its power series.
    private static Vector256<double> Exp(Vector256<double> x)
    {
        const double least = -707, largest = 709, rounder = 6755399441055744; // 1.5·2⁵²: what is added to it is rounded to a whole number.
        const double ln2High = 6.93147180369123816490e-01, ln2Low = 1.90821492927058770002e-10; // Their sum is ln 2; k·ln2High is exact.
        if (Vector256.GreaterThanAny(x, Vector256.Create(largest)) || !Vector256.EqualsAll(x, x))
            return Vector256.Create(Math.Exp(x[0]), Math.Exp(x[1]), Math.Exp(x[2]), Math.Exp(x[3]));
        var bounded = Vector256.Max(x, Vector256.Create(least));
        var shifted = bounded * (1 / Math.Log(2)) + Vector256.Create(rounder);
        var k = shifted - Vector256.Create(rounder);
        var r = bounded - k * ln2High - k * ln2Low;
        var series = Vector256.Create(InverseFactorials[^1]);
        for (var n = InverseFactorials.Length - 2; n >= 0; n--)
            series = series * r + Vector256.Create(InverseFactorials[n]);
        var result = (series.AsInt64() + Vector256.ShiftLeft(shifted.AsInt64(), 52)).AsDouble();
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(least)), Vector256<double>.Zero, result);
    }

    private static ReadOnlySpan<double> InverseFactorials =>
    [
        1, 1, 1 / 2.0, 1 / 6.0, 1 / 24.0, 1 / 120.0, 1 / 720.0, 1 / 5040.0, 1 / 40320.0, 1 / 362880.0, 1 / 3628800.0, 1 / 39916800.0,
        1 / 479001600.0, 1 / 6227020800.0,
    ];

    private static Vector256<double> At(ReadOnlySpan<double> x, int i) => Vector256.Create(x.Slice(i, Lanes));

    private static double Total(Vector256<double> x) => x[0] + x[1] + (x[2] + x[3]);
}
