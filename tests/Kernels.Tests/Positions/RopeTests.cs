using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Positions;

public class RopeTests
{
    [Fact]
    public void Products_depend_on_the_distance_alone()
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Normal(1, 1, 8), Normal(2, 1, 8));
        double Product(long t, long s) => (Rope.Apply(q, t) * Rope.Apply(k, s)).sum().item<double>();
        Assert.Equal(Product(7, 3), Product(1007, 1003), 1e-12);
        Assert.NotEqual(Product(7, 3), Product(7, 4), 1e-3);
    }

    [Fact]
    public void A_pair_is_turned_by_its_angle_and_an_odd_channel_left()
    {
        using var scope = NewDisposeScope();
        var turned = Rope.Apply(tensor(new double[,] { { 1, 0, 1, 0, 5 } }), 3);
        var second = 3 * Math.Pow(10000, -2.0 / 5);
        Assert.Equal([Math.Cos(3), Math.Sin(3), Math.Cos(second), Math.Sin(second), 5], turned.data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Turning_back_undoes_it_and_the_dtype_stays()
    {
        using var scope = NewDisposeScope();
        var x = Normal(1, 2, 5, 6);
        AssertClose(x, Rope.Turn(Rope.Turn(x, tensor([9L])), tensor([-9L])));
        Assert.Equal(ScalarType.BFloat16, Rope.Apply(x.bfloat16()).dtype);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("places: got [2], needs [T] = [5]", Assert.Throws<ArgumentException>(() => Rope.Turn(zeros(2, 5, 6), arange(2))).Message);
        Assert.StartsWith("dim: got 0", Assert.Throws<ArgumentException>(() => Rope.Frequencies(0)).Message);
    }
}
