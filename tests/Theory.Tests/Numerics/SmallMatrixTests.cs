using Attn.Theory.Numerics;
using CsCheck;

namespace Theory.Tests.Numerics;

public sealed class SmallMatrixTests
{
    [Fact]
    public void A_matrix_times_its_inverse_is_the_identity() =>
        Gen.Int[1, 9].SelectMany(n => Gen.Double[-1, 1].Array[n * n].Select(values => (n, values))).Sample(sample =>
        {
            var (n, values) = sample;
            var a = new double[n, n];
            for (var i = 0; i < n * n; i++)
                a[i / n, i % n] = values[i] + (i / n == i % n ? 3 * n : 0); // Dominant diagonal: well conditioned.
            var inverse = SmallMatrix.Inverse(a);
            var worst = 0.0;
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                    worst = Math.Max(worst, Math.Abs(Enumerable.Range(0, n).Sum(k => a[i, k] * inverse[k, j]) - (i == j ? 1 : 0)));
            return worst < 1e-12;
        });

    [Fact]
    public void A_zero_on_the_diagonal_needs_and_gets_a_pivot()
    {
        var inverse = SmallMatrix.Inverse(new double[,] { { 0, 2 }, { 4, 0 } });
        Assert.Equal(new double[,] { { 0, 0.25 }, { 0.5, 0 } }, inverse);
    }

    [Fact]
    public void Singular_and_oblong_matrices_are_refused()
    {
        Assert.Contains("singular", Assert.Throws<ArgumentException>(() => SmallMatrix.Inverse(new double[,] { { 1, 2 }, { 2, 4 } })).Message);
        Assert.Contains("2×3", Assert.Throws<ArgumentException>(() => SmallMatrix.Inverse(new double[2, 3])).Message);
    }
}
