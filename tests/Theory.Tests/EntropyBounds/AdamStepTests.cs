using Attn.Kernels;
using Attn.Theory.EntropyBounds;
using static TorchSharp.torch;

namespace Theory.Tests.EntropyBounds;

/// <summary>Proposition 3.2.</summary>
public class AdamStepTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_spectral_norm_of_an_update_is_never_below_the_bound(int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)width, CPU);
        Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        const int Draws = 10_000;
        var (mean, noise) = (Random(Draws, width, width), (2 * Random(Draws, 1, 1)).exp() * Random(Draws, width, width));
        var (update, bound) = (AdamStep.Ideal(mean, noise), AdamStep.Lower(mean, noise));
        var shares = (noise.square() / (mean.square() + noise.square())).mean([-2L, -1L]);
        Assert.True(bound.allclose(Math.Sqrt(width) * (1 - shares).sqrt(), 1e-10, 1e-12));
        var ratio = linalg.svdvals(update).amax([-1]) / bound;
        Assert.InRange(ratio.min().item<double>(), 1 - 1e-12, 10);
    }

    [Fact]
    public void A_Hadamard_matrix_attains_it_and_gradient_steps_come_up_to_it()
    {
        using var scope = NewDisposeScope();
        var two = tensor(new[,] { { 1.0, 1 }, { 1, -1 } });
        var hadamard = kron(two, two);
        Assert.Equal(2, AdamStep.Lower(hadamard, zeros(4, 4)).item<double>(), 1e-14);
        Assert.Equal(2, PowerIteration.SpectralNorm(AdamStep.Ideal(hadamard, zeros(4, 4))), 1e-12);

        var (ratio, mean) = WorstUpdate.Search(4);
        output.WriteLine($"least ratio {ratio}");
        Assert.InRange(ratio, 1 - 1e-12, 1.01);
        var update = AdamStep.Ideal(mean, ones(4, 4));
        Assert.Equal(ratio, linalg.svdvals(update)[0].item<double>() / AdamStep.Lower(mean, ones(4, 4)).item<double>(), 1e-12);
    }

    [Fact]
    public void Bad_arguments_are_named_and_zero_is_safe()
    {
        using var scope = NewDisposeScope();
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("noise", Name(() => AdamStep.Ideal(ones(2, 2), ones(2, 3))));
        Assert.Equal("mean", Name(() => AdamStep.Lower(ones(2, 3), ones(2, 3))));
        Assert.Equal("width", Name(() => WorstUpdate.Search(0)));
        Assert.Equal("starts", Name(() => WorstUpdate.Search(2, starts: 0)));
        Assert.Equal("steps", Name(() => WorstUpdate.Search(2, steps: 0)));
        Assert.Equal(0, AdamStep.Ideal(zeros(2, 2), zeros(2, 2)).abs().sum().item<double>());
    }
}
