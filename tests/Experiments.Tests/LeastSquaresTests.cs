using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class LeastSquaresTests
{
    [Fact]
    public void A_linear_map_with_an_intercept_is_found()
    {
        using var scope = NewDisposeScope();
        var (x, map) = (randn(50, 4, ScalarType.Float64), randn(4, 3, ScalarType.Float64));
        var fit = LeastSquares.Fit(x, x.matmul(map) + 2);
        Assert.True(fit.Weights.allclose(cat([map, full(1, 3, 2.0, ScalarType.Float64)], 0), 1e-10, 1e-10));
        Assert.Equal(1, fit.RSquared(x, x.matmul(map) + 2), 1e-12);
    }

    [Fact]
    public void The_mean_explains_nothing_and_the_opposite_less_than_nothing()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new[,] { { 1.0 }, { 2 }, { 3 } });
        Assert.Equal(0, LeastSquares.RSquaredOf(full_like(y, 2), y));
        Assert.Equal(-3, LeastSquares.RSquaredOf(4 - y, y));
    }
}
