using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Stability;

public class IndependentAdamWTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_takes_the_steps_of_the_formula_one_number_at_a_time(bool coupled)
    {
        using var scope = NewDisposeScope();
        var (matrix, gain) = (Parameter(2, 3), Parameter(4));
        using var optimiser = new IndependentAdamW([matrix, gain], [matrix])
        {
            LearningRate = 0.02,
            Decay = 0.3,
            Coupled = coupled,
            Epsilon = 1e-3,
            Betas = (0.8, 0.7),
        };
        var (theta, random) = (All(matrix, gain), new Random(1));
        var (m, v) = (new double[theta.Length], new double[theta.Length]);
        for (var step = 1; step <= 5; step++)
        {
            double[] gradient = [.. theta.Select(_ => random.NextDouble() - 0.5)];
            matrix.grad = tensor(gradient[..6]).reshape(2, 3);
            gain.grad = tensor(gradient[6..]);
            var schedule = step / 5.0;
            Assert.Equal(Math.Sqrt(gradient.Sum(g => g * g)), optimiser.Step(schedule), 1e-12);
            for (var i = 0; i < theta.Length; i++)
            {
                (m[i], v[i]) = (0.8 * m[i] + 0.2 * gradient[i], 0.7 * v[i] + 0.3 * gradient[i] * gradient[i]);
                var delta = m[i] / (1 - Math.Pow(0.8, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.7, step))) + 1e-3);
                theta[i] -= schedule * (0.02 * delta + (i < 6 ? 0.3 : 0) * (coupled ? 0.02 : 1) * theta[i]);
            }

            Assert.All(All(matrix, gain).Zip(theta), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        }
    }

    [Fact]
    public void A_long_gradient_is_shortened_and_one_that_is_not_finite_moves_nothing()
    {
        using var scope = NewDisposeScope();
        double[] After(double scale, double? clip)
        {
            var parameter = Parameter(3);
            using var optimiser = new IndependentAdamW([parameter], []) { Clip = clip, Epsilon = 1 };
            parameter.grad = scale * tensor(new[] { 3.0, 0, 4 });
            optimiser.Step(1);
            return All(parameter);
        }

        Assert.All(After(10, 5).Zip(After(1, null)), pair => Assert.Equal(pair.Second, pair.First, 1e-14));
        Assert.NotEqual(After(10, null), After(1, null));
        Assert.Equal(After(double.PositiveInfinity, 5), After(0, 5));
        Assert.StartsWith("parameters: got none", Assert.Throws<ArgumentException>(() => new IndependentAdamW([], [])).Message);
    }

    [Theory]
    [InlineData(0.01, 0.01 / 1.01)]
    [InlineData(1, 0.5)]
    [InlineData(100, 100 / 101.0)]
    public void Epsilon_takes_its_share_of_the_update(double gradientOverEpsilon, double update)
    {
        using var scope = NewDisposeScope();
        var parameter = Parameter(3);
        using var optimiser = new IndependentAdamW([parameter], []) { Epsilon = 1e-6, LearningRate = 1 };
        Assert.Equal(0, optimiser.UpdateRms);
        var before = All(parameter);
        parameter.grad = full(3, gradientOverEpsilon * 1e-6, ScalarType.Float64);
        optimiser.Step(1);
        Assert.All(All(parameter).Zip(before), pair => Assert.Equal(update, pair.Second - pair.First, 1e-12));
        Assert.Equal(update, optimiser.UpdateRms, 1e-12);
    }

    private static TorchSharp.Modules.Parameter Parameter(params long[] shape) => nn.Parameter(linspace(-1, 2, shape.Aggregate((a, b) => a * b), ScalarType.Float64).reshape(shape));

    private static double[] All(params Tensor[] parameters) => [.. parameters.SelectMany(parameter => parameter.detach().flatten().data<double>().ToArray())];
}
