using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Positions;

public class LrpeTests
{
    [Fact]
    public void A_product_of_features_is_the_sum_of_cosines_of_the_distance()
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Normal(1, 1, 1, 1, 8), Normal(2, 1, 1, 1, 8));
        var theta = Lrpe.InitialAngles(1, 8).to(ScalarType.Float64);
        double Product(long t, long s) => (Lrpe.Apply(q, theta, t) * Lrpe.Apply(k, theta, s)).sum().item<double>();
        Assert.Equal((q * k * (theta * 4).cos()).sum().item<double>(), Product(7, 3), 1e-12);
        Assert.Equal(Product(7, 3), Product(107, 103), 1e-12);
    }

    [Fact]
    public void Angles_fall_over_the_channels_of_all_heads()
    {
        using var scope = NewDisposeScope();
        var theta = Lrpe.InitialAngles(2, 3);
        Assert.Equal([1, 2, 1, 3], theta.shape);
        Assert.Equal(1, theta[0, 0, 0, 0].item<float>());
        Assert.Equal(Math.Pow(10000, -10 / 6.0), theta[0, 1, 0, 2].item<float>(), 1e-6);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("theta: got [1,1,1,7]", Assert.Throws<ArgumentException>(() => Lrpe.Apply(zeros(2, 1, 5, 8), zeros(1, 1, 1, 7))).Message);
        Assert.StartsWith("heads: got 0", Assert.Throws<ArgumentException>(() => Lrpe.InitialAngles(0, 8)).Message);
    }
}
