using Attn.Kernels;
using Attn.Theory.EntropyBounds;
using CsCheck;
using static TorchSharp.torch;

namespace Theory.Tests.EntropyBounds;

public class EntropyMonitorTests
{
    private const double Rounding = 1e-12;

    [Fact]
    public void It_says_of_each_head_what_its_rows_are_and_never_breaks_the_bound() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, 7], Gen.Int[2, 9], Gen.Int[1, 5], Gen.Bool, Gen.Double[-2, 3], Gen.ULong)
            .Sample((batch, heads, queries, keys, dim, causal, gain, seed) =>
            {
                using var scope = NewDisposeScope();
                using var generator = new Generator(seed, CPU);
                Tensor Random(int length) => randn([batch, heads, length, dim], ScalarType.Float64, generator: generator);
                var (q, k) = (Math.Pow(10, gain) * Random(queries), Random(keys));
                var read = EntropyMonitor.OfQueries(q, k, causal);
                var (weights, logits) = (Softmax.Weights(q, k, causal), Softmax.Logits(q, k, causal));
                Assert.Equal(Enumerable.Range(0, heads), read.Select(head => head.Head));
                foreach (var head in read)
                {
                    // By hand, row by row.
                    var rows = Enumerable.Range(0, batch * queries).Select(i => (Batch: i / queries, Query: i % queries))
                        .Where(row => !causal || row.Query + keys - queries + 1 >= 2).ToArray();
                    Assert.Equal(rows.Length, head.Rows);
                    if (rows.Length == 0)
                        continue;
                    double[] entropies = [.. rows.Select(row => Entropy(weights[row.Batch, head.Head, row.Query]))];
                    double[] lengths = [.. rows.Select(row => Length(logits[row.Batch, head.Head, row.Query]))];
                    Assert.Equal(entropies.Average(), head.Mean, Rounding);
                    Assert.Equal(entropies.Min(), head.Least, Rounding);
                    Assert.InRange(head.Margin, -Rounding, head.Mean - head.Bound + Rounding);
                    Assert.Equal(lengths.Max(), head.RowNorm, 1e-10 * lengths.Max());
                    var largest = rows.Max(row => logits[row.Batch, head.Head, row.Query].data<double>().Where(double.IsFinite).Max(Math.Abs));
                    Assert.Equal(largest, head.LargestLogit);
                }
            }, iter: 60);

    [Fact]
    public void A_pattern_says_as_much_as_its_logits() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[2, 9], Gen.Bool, Gen.ULong).Sample((heads, length, causal, seed) =>
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(seed, CPU);
            Tensor Random() => randn([2, heads, length, 4], ScalarType.Float64, generator: generator);
            var (q, k) = (4 * Random(), Random());
            foreach (var (a, b) in EntropyMonitor.OfQueries(q, k, causal).Zip(EntropyMonitor.OfWeights(Softmax.Weights(q, k, causal))))
            {
                Assert.Null(b.LargestLogit);
                Assert.Equal((a.Head, a.Rows), (b.Head, b.Rows));
                Assert.Equal(a.Mean, b.Mean, 1e-10);
                Assert.Equal(a.Least, b.Least, 1e-10);
                Assert.Equal(a.Bound, b.Bound, 1e-10);
                Assert.Equal(a.Margin, b.Margin, 1e-10);
                Assert.Equal(a.RowNorm, b.RowNorm, 1e-9);
            }
        }, iter: 40);

    [Fact]
    public void The_worst_row_leaves_no_margin()
    {
        using var scope = NewDisposeScope();
        var head = Assert.Single(EntropyMonitor.OfLogits(EntropyBound.TightExample(8, 5)));
        Assert.Equal(EntropyBound.Lower(8, 5), head.Least, Rounding);
        Assert.InRange(Math.Abs(head.Margin), 0, Rounding);
        Assert.Equal(5, head.RowNorm, Rounding);
        Assert.Equal(8, head.Rows);
        // The other seven rows are uniform.
        Assert.Equal((head.Least + 7 * Math.Log(8)) / 8, head.Mean, Rounding);
    }

    [Fact]
    public void Weights_of_any_sign_and_sum_and_rows_of_one_key_are_read()
    {
        using var scope = NewDisposeScope();
        var head = Assert.Single(EntropyMonitor.OfWeights(tensor(new[,] { { 3.0, -3, 0 }, { 0, 2, 0 }, { 0, 0, 0 } })));
        Assert.Equal(1, head.Rows);
        Assert.Equal(Math.Log(2), head.Mean, Rounding);
        Assert.Equal(Math.Log(2), head.Bound, Rounding);
        Assert.Equal(new HeadReading(0, 0, 0, 0, 0, 0, null, 0), Assert.Single(EntropyMonitor.OfWeights(eye(3))));
        Assert.Equal(new HeadReading(0, 0, 0, 0, 0, 0, 0, 0), Assert.Single(EntropyMonitor.OfQueries(ones(1, 1, 1, 2), ones(1, 1, 1, 2), causal: true)));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("logits", Name(() => EntropyMonitor.OfLogits(ones(3))));
        Assert.Equal("logits", Name(() => EntropyMonitor.OfLogits(null!)));
        Assert.Equal("weights", Name(() => EntropyMonitor.OfWeights(ones(3))));
        Assert.Equal("q", Name(() => EntropyMonitor.OfQueries(ones(3, 2), ones(1, 1, 3, 2))));
        Assert.Equal("k", Name(() => EntropyMonitor.OfQueries(ones(1, 1, 3, 2), ones(1, 1, 3, 4))));
        Assert.Equal("scale", Name(() => EntropyMonitor.OfQueries(ones(1, 1, 3, 2), ones(1, 1, 3, 2), scale: -1)));
    }

    private static double Entropy(Tensor row) => row.data<double>().Where(p => p > 0).Sum(p => -p * Math.Log(p));

    private static double Length(Tensor row)
    {
        double[] seen = [.. row.data<double>().Where(double.IsFinite)];
        return Math.Sqrt(seen.Sum(value => Math.Pow(value - seen.Average(), 2)));
    }
}
