using Attn.Theory.Injectivity;
using static Theory.Tests.Injectivity.CollisionTests;
using static TorchSharp.torch;

namespace Theory.Tests.Injectivity;

public class InjectivityProbeTests
{
    private const int Dim = 8;

    [Fact]
    public void The_ratio_of_distances_stays_within_its_bounds_and_a_search_attains_them()
    {
        using var scope = NewDisposeScope();
        const int Pairs = 20_000;
        var features = new (string Name, Func<Tensor, Tensor>? Map)[] { ("identity", null), ("ELU + 1", x => nn.functional.elu(x, 1) + 1) };
        foreach (var (name, map) in features)
        {
            var keys = Normal(5, 64, Dim);
            var (low, high) = InjectivityProbe.LipschitzBounds(keys, map);
            var (p, q) = (Normal(6, Pairs, Dim), Normal(7, Pairs, Dim));
            var inLine = QueryMap.InLine(keys, map);
            var (fp, fq) = map is null ? (p, q) : (map(p), map(q));
            var ratios = (inLine(p) - inLine(q)).norm(-1) / (fp - fq).norm(-1);
            Assert.InRange(ratios.min().item<double>(), low, 1.2 * low);
            Assert.InRange(ratios.max().item<double>(), 0.8 * high, high);
            Assert.InRange(WorstPair.Ratio(inLine, map, Dim, largest: true, seed: 1), 0.995 * high, high * (1 + 1e-12));
            Assert.InRange(WorstPair.Ratio(inLine, map, Dim, largest: false, seed: 1), low * (1 - 1e-12), 1.005 * low);
        }
    }

    [Fact]
    public void Logarithms_of_softmax_weights_are_linear_in_the_query()
    {
        using var scope = NewDisposeScope();
        var (keys, q) = (Normal(1, 64, Dim), Normal(2, 10_000, Dim));
        var exact = q.matmul(InjectivityProbe.Centred(keys).t());
        Assert.InRange((InjectivityProbe.CentredLogRatio(QueryMap.Softmax(keys)(q)) - exact).abs().max().item<double>(), 0, 1e-11);
    }

    [Fact]
    public void Keys_in_an_affine_hyperplane_make_softmax_confuse_queries()
    {
        using var scope = NewDisposeScope();
        var u = nn.functional.normalize(Normal(3, Dim), dim: 0);
        var keys = Normal(1, 64, Dim);
        var flat = keys - (keys.matmul(u) - 2).unsqueeze(1) * u;
        Assert.Equal(Dim + 1, InjectivityProbe.AffineRank(keys));
        Assert.Equal(Dim, InjectivityProbe.AffineRank(flat));
        Assert.Equal(Dim, linalg.matrix_rank(flat).item<long>());
        var q = Normal(4, Dim);
        var pair = stack([q, q + 3 * u]);
        var (same, other) = (QueryMap.Softmax(flat)(pair), QueryMap.Softmax(keys)(pair));
        Assert.InRange(Apart(same[0], same[1]), 0, 1e-12);
        Assert.True(Apart(other[0], other[1]) > 0.1);
    }

    [Fact]
    public void The_index_is_that_of_the_matrix_for_a_linear_map_and_zero_for_division()
    {
        using var scope = NewDisposeScope();
        var (keys, q) = (Normal(1, 64, Dim), Normal(2, Dim).abs());
        var (low, high) = InjectivityProbe.LipschitzBounds(keys);
        Assert.Equal(low / high, InjectivityProbe.JacobianIndex(QueryMap.InLine(keys), q), 1e-10);
        Assert.Equal(low, InjectivityProbe.LeastSingularValue(QueryMap.InLine(keys), q), 1e-10);
        Assert.InRange(InjectivityProbe.JacobianIndex(QueryMap.Linear(keys, x => nn.functional.relu(x)), q), 0, 1e-10);
        Assert.True(InjectivityProbe.JacobianIndex(QueryMap.Softmax(keys), q) > 1e-4);
    }

    [Fact]
    public void Confusion_counts_far_queries_with_near_weights()
    {
        using var scope = NewDisposeScope();
        var queries = tensor(new[,] { { 0.0, 0 }, { 2, 0 }, { 4, 0 }, { 4, 0.5 } });
        var weights = tensor(new[,] { { 1.0, 0 }, { 1, 5e-4 }, { 0, 1 }, { 0, 1 } });
        Assert.Equal(1, Confusion.Count(weights, queries));
        Assert.Equal(2, Confusion.Count(weights, queries, distance: 0.1));
        Assert.Equal(5, Confusion.Count(weights, queries, tolerance: 3));
        Assert.StartsWith("weights: got 2", Assert.Throws<ArgumentException>(() => Confusion.Count(weights.narrow(0, 0, 2), queries)).Message);
    }

    [Fact]
    public void A_search_gives_the_pair_of_its_ratio_and_finds_what_ReLU_confuses()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        var keys = randn([12, 3], ScalarType.Float64, generator: generator);
        var map = QueryMap.Linear(keys, x => nn.functional.relu(x));
        var found = Enumerable.Range(1, 4).Select(seed => WorstPair.Search(map, null, 3, largest: false, seed)).MinBy(search => search.Ratio);
        Assert.True(found.Ratio < 1e-3, $"{found.Ratio}");
        var weights = map(found.Pair);
        Assert.Equal(found.Ratio, ((weights[0] - weights[1]).norm() / (found.Pair[0] - found.Pair[1]).norm()).item<double>(), 1e-9);
    }
}
