using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Positions;

public class GridPositionTests
{
    [Fact]
    public void A_product_depends_on_the_difference_along_each_axis()
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Normal(1, 1, 10), Normal(2, 1, 10));
        double Product(long[] a, long[] b) => (MdLrpe.Apply(q, tensor(a).reshape(1, 2)) * MdLrpe.Apply(k, tensor(b).reshape(1, 2))).sum().item<double>();
        Assert.Equal(Product([3, 5], [1, 9]), Product([13, 25], [11, 29]), 1e-12);
        Assert.NotEqual(Product([3, 5], [1, 9]), Product([4, 5], [1, 9]), 1e-3);
        Assert.NotEqual(Product([3, 5], [1, 9]), Product([3, 6], [1, 9]), 1e-3);
    }

    [Fact]
    public void A_grid_is_read_row_by_row() =>
        Assert.Equal([0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2], MdLrpe.Grid(2, 3).data<long>().ToArray());

    [Fact]
    public void Toeplitz_positions_are_a_product_with_powers_of_the_decay()
    {
        using var scope = NewDisposeScope();
        var x = Normal(1, 2, 3, 70, 5);
        var (strength, slopes) = (Normal(2, 1, 3, 1, 1), new[] { 0, 0.1, 2 });
        var expected = (strength * DecaySlopes.Mask(slopes, 70)).matmul(x);
        AssertClose(expected, ToeplitzPosition.Apply(x, strength, DecaySlopes.LogDecay(slopes, ScalarType.Float64)));
    }

    [Fact]
    public void On_a_grid_each_cell_hears_its_column_and_its_row()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, 1, 12, 1, dtype: ScalarType.Float64);
        x[0, 0, 4, 0] = 1; // Row 1, column 1 of 4 rows and 3 columns.
        var one = ones(1, 1, 1, 1, dtype: ScalarType.Float64);
        var (half, third) = (DecaySlopes.LogDecay([Math.Log(2)], ScalarType.Float64), DecaySlopes.LogDecay([Math.Log(3)], ScalarType.Float64));
        var y = ToeplitzPosition.ApplyOnGrid(x, 3, (one, 10 * one), (half, third)).reshape(4, 3);
        var expected = tensor(new[,] { { 0, 0, 0 }, { 0, 11, 10 / 3.0 }, { 0, 0.5, 0 }, { 0, 0.25, 0 } });
        AssertClose(expected, y);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("coordinates: got [4,2]", Assert.Throws<ArgumentException>(() => MdLrpe.Apply(zeros(5, 8), zeros(4, 2))).Message);
        Assert.StartsWith("coordinates: got [5,5]", Assert.Throws<ArgumentException>(() => MdLrpe.Apply(zeros(5, 8), zeros(5, 5))).Message);
        var (x, one) = (zeros(1, 2, 12, 3), zeros(1, 2, 1, 1));
        Assert.StartsWith("columns: got 5, needs a divisor of 12", Assert.Throws<ArgumentException>(() => ToeplitzPosition.ApplyOnGrid(x, 5, (one, one), (one, one))).Message);
        Assert.StartsWith("strength: got [1,1,1,1]", Assert.Throws<ArgumentException>(() => ToeplitzPosition.Apply(x, ones(1, 1, 1, 1), one)).Message);
    }
}
