using Attn.Kernels;
using Attn.Theory.Dsf;
using static Theory.Tests.DynamicalSystems.DsfSystemTests;
using static TorchSharp.torch;

namespace Theory.Tests.DynamicalSystems;

public class SoftmaxTaylorTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(8, 1, 9)]
    [InlineData(8, 2, 45)]
    [InlineData(8, 3, 165)]
    [InlineData(8, 4, 495)]
    [InlineData(8, 5, 1287)]
    [InlineData(1, 7, 8)]
    [InlineData(3, 0, 1)]
    public void Products_of_features_are_the_polynomial(int dim, int order, int width)
    {
        using var scope = NewDisposeScope();
        var features = new SoftmaxTaylorFeatures(dim, order);
        Assert.Equal(width, features.Width);
        var (q, k) = (Normal(1, 9, dim), Normal(2, 7, dim));
        var (mapped, products) = (features.Map(q), features.Map(q).matmul(features.Map(k).t()));
        Assert.Equal([9, width], mapped.shape);
        var scores = q.matmul(k.t());
        var polynomial = Enumerable.Range(0, order + 1).Aggregate(
            zeros_like(scores), (sum, degree) => sum + scores.pow(degree) / Enumerable.Range(1, degree).Aggregate(1.0, (a, b) => a * b));
        Assert.True(Gap(products, polynomial) < 1e-11 * (1 + polynomial.abs().max().item<double>()));
        Assert.True(Gap(SoftmaxTaylorFeatures.Kernel(scores, order), polynomial) < 1e-11 * (1 + polynomial.abs().max().item<double>()));
    }

    [Fact]
    public void The_second_order_is_the_map_of_based() // which divides its products by √d.
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Normal(3, 5, 6), Normal(4, 5, 6));
        var features = new SoftmaxTaylorFeatures(6, 2);
        var ours = features.Map(q / Math.Pow(6, 0.25)).matmul(features.Map(k / Math.Pow(6, 0.25)).t());
        Assert.True(Gap(ours, TaylorFeatureMap.Symmetric(q).matmul(TaylorFeatureMap.Symmetric(k).t())) < 1e-12);
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.5)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    public void Errors_stay_within_the_bounds(int order, double radius)
    {
        using var scope = NewDisposeScope();
        var x = cat([radius * (2 * rand(20_000, ScalarType.Float64) - 1), tensor(new[] { -radius, radius })]);
        var error = (x.exp() - SoftmaxTaylorFeatures.Kernel(x, order)).abs();
        var epsilon = SoftmaxTaylorFeatures.KernelBound(order, radius);
        Assert.InRange(error.max().item<double>() / epsilon, 0.1, 1);
        Assert.InRange((error / x.exp()).max().item<double>() / epsilon, 0.01, 1);
        var bound = SoftmaxTaylorFeatures.OutputBound(order, radius);
        Assert.True(double.IsFinite(bound) == epsilon < 1);
        if (!double.IsFinite(bound))
            return;
        // 10 000 random calls, then the worst that a search finds.
        var (random, worst) = (WorstTruncation.Search(order, radius, 8, 3, starts: 10_000, steps: 0) / bound, WorstTruncation.Search(order, radius, 8, 3) / bound);
        output.WriteLine($"p = {order}, R = {radius}: {random:F3} of the bound at random, {worst:F3} by ascent");
        Assert.InRange(random, 0, 1);
        Assert.InRange(worst, random, 1);
    }

    [Fact]
    public void No_matrix_of_that_rank_is_nearer_than_the_next_singular_value()
    {
        using var scope = NewDisposeScope();
        // 10 000 draws of 12 tokens in 2 channels, first order: rank 3.
        var (q, k) = (Normal(5, 10_000, 12, 2), Normal(6, 10_000, 12, 2));
        var scores = q.matmul(k.transpose(1, 2)) / 2;
        var floor = RankDiagnostics.SingularValues(scores.exp()).select(1, 3);
        var error = RankDiagnostics.SingularValues(scores.exp() - SoftmaxTaylorFeatures.Kernel(scores, 1)).select(1, 0);
        var least = (error / floor).min().item<double>();
        output.WriteLine($"least error / σ₄: {least}");
        Assert.InRange(least, 1, 10);
        // The best matrix of rank 3 attains it.
        var (u, s, v) = linalg.svd(scores[0].exp(), fullMatrices: false);
        var best = (u.narrow(1, 0, 3) * s.narrow(0, 0, 3)).matmul(v.narrow(0, 0, 3));
        Assert.Equal(1, linalg.norm(scores[0].exp() - best, 2).item<double>() / s[3].item<double>(), 1e-10);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("dim", Name(() => _ = new SoftmaxTaylorFeatures(0, 1)));
        Assert.Equal("order", Name(() => _ = new SoftmaxTaylorFeatures(1, -1)));
        Assert.Equal("x", Name(() => new SoftmaxTaylorFeatures(2, 1).Map(zeros(3))));
        Assert.Equal("radius", Name(() => SoftmaxTaylorFeatures.KernelBound(1, double.NaN)));
        Assert.Equal("radius", Name(() => WorstTruncation.Search(1, 0, 4, 2)));
        Assert.Equal("tokens", Name(() => WorstTruncation.Search(1, 1, 1, 2)));
        Assert.Equal("steps", Name(() => WorstTruncation.Search(1, 1, 4, 2, steps: -1)));
    }
}
