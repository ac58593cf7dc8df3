using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class PerformerTests
{
    [Fact]
    public void Blocks_of_directions_are_orthogonal_and_as_long_as_normal_vectors()
    {
        using var scope = NewDisposeScope();
        var directions = RandomProjections.Draw(16, 200, seed: 3, ScalarType.Float64);
        Assert.Equal([200, 16], directions.shape);
        for (var block = 0; block < 200; block += 16)
        {
            var rows = directions.narrow(0, block, Math.Min(16, 200 - block));
            var products = rows.matmul(rows.t());
            Assert.InRange((products - products.diag().diag()).abs().max().item<double>(), 0, 1e-12);
        }
        Assert.InRange(directions.square().sum(1).mean().item<double>(), 15, 17); // χ² of 16: the mean of 200 has deviation 0.4.
        Assert.True(directions.norm(1).std().item<double>() > 0.3);
    }

    [Fact]
    public void A_seed_fixes_the_directions()
    {
        using var scope = NewDisposeScope();
        Tensor Of(int seed) => RandomProjections.Draw(8, 17, seed, ScalarType.Float64);
        Assert.True(Of(1).eq(Of(1)).all().item<bool>());
        Assert.False(Of(1).eq(Of(2)).any().item<bool>());
    }

    [Fact]
    public void Products_of_features_estimate_the_exponential_without_bias_and_better_when_orthogonal()
    {
        const int Draws = 500;
        using var scope = NewDisposeScope();
        var half = nn.functional.normalize(Normal(1, 200, 8)) / 2;
        Tensor Ratios(bool orthogonal) => stack([.. Enumerable.Range(0, Draws).Select(seed =>
        {
            using var projections = RandomProjections.Draw(8, 8, seed, ScalarType.Float64, orthogonal: orthogonal);
            return PositiveFeatures.Of(half, projections).square().sum(-1) / Math.Exp(0.25);
        })]);
        var (orthogonal, independent) = (Ratios(true), Ratios(false));
        var standardErrors = (orthogonal.mean([0]) - 1) / (orthogonal.std(0) / Math.Sqrt(Draws));
        Assert.InRange(standardErrors.abs().max().item<double>(), 0, 4.5);
        double Error(Tensor ratios) => (ratios - 1).square().mean().item<double>();
        Assert.Equal((Math.E - 1) / 8, Error(independent), 0.01); // The paper's variance for |x + y| = 1, m = 8.
        Assert.True(Error(orthogonal) < 0.92 * Error(independent), $"{Error(orthogonal)} against {Error(independent)}");
    }

    [Fact]
    public void More_features_bring_the_attention_nearer_to_softmax()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 40, 16, 5);
        (q, k) = (0.5 * q, 0.5 * k);
        var softmax = Softmax.Plain(q, k, v, causal: true);
        double[] errors = [.. new[] { 16, 256, 4096 }.Select(count =>
        {
            var map = PositiveFeatures.Map(seed: 5, _ => count);
            return Error(LinearAttention.Chunked(q, k, v, causal: true, featureMap: map.Queries, keyMap: map.Keys).Output, softmax);
        })];
        Assert.True(errors[1] < 0.6 * errors[0] && errors[2] < 0.6 * errors[1] && errors[2] < 0.1, string.Join(", ", errors));
    }

    [Fact]
    public void Wide_heads_do_not_overflow()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Normal(1, ScalarType.Float32, 1, 1, 9, 400), Normal(2, ScalarType.Float32, 1, 1, 9, 400), Normal(3, ScalarType.Float32, 1, 1, 9, 4));
        // The key that goes along a direction and is as long has the largest feature there is: e^{|ω|²/2}.
        var direction = RandomProjections.Draw(400, 1, 0, ScalarType.Float32);
        k.narrow(2, 0, 1).copy_(direction * Math.Pow(400, 0.25));
        var map = PositiveFeatures.Map(seed: 0, _ => 1);
        Assert.True(map.Keys(k).isfinite().all().item<bool>());
        Assert.True(LinearAttention.Parallel(q, k, v, featureMap: map.Queries, keyMap: map.Keys).Output.isfinite().all().item<bool>());
    }
}
