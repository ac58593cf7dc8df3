using Attn.Theory.Injectivity;
using static TorchSharp.torch;

namespace Theory.Tests.Injectivity;

/// <summary>Proposition 2 by construction: for every map, two different queries to which linear attention gives the same weights.</summary>
public class CollisionTests
{
    private const int Dim = 8;

    public static TheoryData<string> Names => [.. CollidingMaps.All(Dim, 1).Select(map => map.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Linear_attention_confuses_the_constructed_pair_for_any_keys_and_injective_maps_do_not(string name)
    {
        for (var seed = 1; seed <= 25; seed++)
        {
            using var scope = NewDisposeScope();
            var map = CollidingMaps.All(Dim, seed).Single(map => map.Name == name);
            var (keys, p) = (Normal(seed, 64, Dim), map.Draw(Dim, seed + 100));
            foreach (var alpha in map.Alpha is { } near ? [near] : new[] { 2.5, 0.4 })
            {
                var q = map.Partner(p, alpha);
                Assert.True(Apart(p, q) > 0.05, $"seed {seed}: |p − q| = {Apart(p, q)}");
                var factor = map.Repeats ? 1 : alpha;
                var wanted = factor * map.Features(p);
                Assert.InRange(Apart(map.Features(q), wanted) / wanted.norm().item<double>(), 0, 1e-12);
                var weights = QueryMap.Linear(keys, map.Features)(stack([p, q]));
                Assert.InRange(Apart(weights[0], weights[1]) / weights.norm().item<double>(), 0, 1e-11);
                Assert.True(Separation(QueryMap.Softmax(keys), p, q) > 1e-3);
                Assert.Equal(!map.Repeats, Separation(QueryMap.InLine(keys, map.Features), p, q) > 1e-3);
                Assert.True(Separation(QueryMap.InLine(keys), p, q) > 1e-3);
            }
        }
    }

    [Fact]
    public void Newton_finds_the_inverse_and_says_where_there_is_none()
    {
        using var scope = NewDisposeScope();
        var x = Normal(1, 5);
        Func<Tensor, Tensor> cubic = point => point + point.pow(3);
        Assert.InRange(Apart(NewtonInverse.Solve(cubic, cubic(x), zeros_like(x)), x), 0, 1e-13);
        var thrown = Assert.Throws<ArgumentException>(() => NewtonInverse.Solve(point => point.square() + 1, zeros_like(x), ones_like(x)));
        Assert.StartsWith("start: got", thrown.Message);
        Assert.InRange(Apart(cubic(NewtonInverse.Follow(cubic, x, 3)!), 3 * cubic(x)), 0, 1e-12);
        Assert.Null(NewtonInverse.Follow(point => point.sin(), ones_like(x), 2)); // 2·sin(1) is no sine.
    }

    [Fact]
    public void A_partner_of_the_affine_map_is_no_multiple()
    {
        using var scope = NewDisposeScope();
        var map = CollidingMaps.All(Dim, 1).Single(map => map.Name == "ReLU(Ax + b)");
        var p = map.Draw(Dim, 3);
        var q = map.Partner(p, 2.5);
        Assert.True((p.dot(q) / p.norm() / q.norm()).item<double>() < 0.999);
    }

    internal static Tensor Normal(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randn(shape, ScalarType.Float64, generator: generator);
    }

    internal static double Apart(Tensor a, Tensor b) => (a - b).norm().item<double>();

    private static double Separation(Func<Tensor, Tensor> map, Tensor p, Tensor q)
    {
        var weights = map(stack([p, q]));
        return Apart(weights[0], weights[1]);
    }
}
