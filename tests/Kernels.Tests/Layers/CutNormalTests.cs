using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Layers;

public class CutNormalTests
{
    [Fact]
    public void It_is_the_normal_between_two_deviations()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var draw = CutNormal.Draw([100, 1000], generator);
        Assert.Equal(ScalarType.Float64, draw.dtype);
        Assert.InRange(draw.abs().max().item<double>(), 1.99, 2);
        Assert.Equal(0, draw.mean().item<double>(), 0.01);
        Assert.Equal(0.8796, draw.std().item<double>(), 0.01);
        // Φ(1) − Φ(−1) of the mass between −2 and 2.
        Assert.Equal(0.6827 / 0.9545, (draw.abs() < 1).to(ScalarType.Float64).mean().item<double>(), 0.01);
    }

    [Fact]
    public void A_generator_fixes_it()
    {
        using var scope = NewDisposeScope();
        Tensor Draw(ulong seed)
        {
            using var generator = new Generator(seed, CPU);
            return CutNormal.Draw([7], generator);
        }

        Assert.True(Draw(1).Equals(Draw(1)));
        Assert.False(Draw(1).Equals(Draw(2)));
    }
}
