using CsCheck;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Layers;

public class PowerIterationTests
{
    [Fact]
    public void It_gives_the_largest_singular_value() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.ULong).Sample((rows, columns, seed) =>
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(seed, CPU);
            var w = randn([rows, columns], ScalarType.Float64, generator: generator);
            var expected = linalg.svdvals(w)[0].item<double>();
            var got = PowerIteration.SpectralNorm(w);
            Assert.InRange(got, expected * (1 - 1e-8), expected * (1 + 1e-12));
        }, iter: 50);

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public void A_matrix_of_random_signs_has_twice_the_root_of_its_width_and_one_of_aligned_signs_its_width(int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        // A mean, for at width 64 about one draw in six is below 1.9 by chance: the edge of the spectrum spreads like width^(−2/3).
        var draws = Enumerable.Range(0, 16).Select(_ => randn([width, width], generator: generator).sign()).ToArray();
        Assert.InRange(draws.Average(signs => PowerIteration.SpectralNorm(signs, 1e-8) / Math.Sqrt(width)), 1.9, 2.1);
        Assert.Equal(width, PowerIteration.SpectralNorm(outer(draws[0][0], draws[0][1])), 1e-9 * width);
    }

    [Fact]
    public void One_step_an_update_follows_a_matrix_that_drifts()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2, CPU);
        Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        var (w, u) = (Random(64, 64), Random(64));
        for (var step = 1; step <= 100; step++)
        {
            w = w + 1e-3 * Random(64, 64);
            (var v, u) = PowerIteration.Step(w, u);
            var s = v.dot(w.mv(u)).item<double>();
            if (step >= 20)
                Assert.InRange(s / linalg.svdvals(w)[0].item<double>(), 0.99, 1 + 1e-12);
        }
    }

    [Fact]
    public void Zeros_and_large_numbers_are_safe()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, PowerIteration.SpectralNorm(zeros(3, 4)));
        Assert.Equal(6e200, PowerIteration.SpectralNorm(full([2, 2], 3e200, ScalarType.Float64)), 1e190);
        Assert.Equal(double.PositiveInfinity, PowerIteration.SpectralNorm(tensor(new[,] { { 1, double.NegativeInfinity } })));
        Assert.Equal(double.NaN, PowerIteration.SpectralNorm(tensor(new[,] { { 1, double.NaN } })));
        var (v, u) = PowerIteration.Step(zeros(3, 4), ones(4));
        Assert.Equal(0, (v.sum() + u.sum()).item<float>());
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("weight", Name(() => PowerIteration.SpectralNorm(ones(3))));
        Assert.Equal("weight", Name(() => PowerIteration.SpectralNorm(ones([2, 2], ScalarType.Int64))));
        Assert.Equal("weight", Name(() => PowerIteration.Step(null!, ones(3))));
        Assert.Equal("right", Name(() => PowerIteration.Step(ones(2, 3), ones(2))));
        Assert.Equal("tolerance", Name(() => PowerIteration.SpectralNorm(ones(2, 2), 0)));
        Assert.Equal("steps", Name(() => PowerIteration.SpectralNorm(ones(2, 2), steps: 0)));
    }
}
