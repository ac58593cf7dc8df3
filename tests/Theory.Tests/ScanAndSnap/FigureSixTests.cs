using Attn.Theory.ScanAndSnap;

namespace Theory.Tests.ScanAndSnap;

public sealed class FigureSixTests
{
    // Three seeds a cell are too few for the notebook's criteria at the highest rates: these bounds find a wrong table or a wrong trainer.
    [Theory]
    [InlineData(3, 0.1)]
    [InlineData(5, 0.1)]
    [InlineData(10, 0.03)]
    public void Every_cell_of_a_panel_is_near_its_published_mean(int queries, double tolerance)
    {
        var cells = FigureSix.EtaZ.SelectMany(etaZ => FigureSix.Ratios, (etaZ, ratio) => (etaZ, ratio)).ToArray();
        var means = new double[cells.Length];
        Parallel.For(0, cells.Length, i => means[i] = Enumerable.Range(1, 3).Average(seed => FigureSix.Run(queries, cells[i].etaZ, cells[i].ratio, seed)));
        Assert.All(cells.Zip(means), cell => Assert.Equal(FigureSix.Published(queries, cell.First.etaZ, cell.First.ratio), cell.Second, tolerance));
    }

    [Fact]
    public void A_seed_fixes_a_run()
    {
        var token = TestContext.Current.CancellationToken;
        Assert.Equal(FigureSix.Run(1, 1, 2, 3, cancellation: token), FigureSix.Run(1, 1, 2, 3, cancellation: token));
        Assert.NotEqual(FigureSix.Run(1, 1, 2, 3, cancellation: token), FigureSix.Run(1, 1, 2, 4, cancellation: token));
    }

    [Fact]
    public void Shuffled_targets_do_not_give_the_published_mean() =>
        Assert.True(Math.Abs(FigureSix.Run(10, 2, 2, 1, shuffleTargets: true, TestContext.Current.CancellationToken) - FigureSix.Published(10, 2, 2)) > 0.1);

    [Theory]
    [InlineData(2, 1, 1, "queries")]
    [InlineData(1, 0.7, 1, "etaZ")]
    [InlineData(1, 1, 3, "ratio")]
    public void A_cell_that_the_figure_lacks_is_refused(int queries, double etaZ, double ratio, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentException>(() => FigureSix.Published(queries, etaZ, ratio)).ParamName);

    [Theory]
    [InlineData(2)]
    [InlineData(33)]
    [InlineData(240)]
    public void The_start_fills_plus_and_minus_one_over_the_root_of_M(int vocabulary)
    {
        var model = ScanSnapModel.Uniform(vocabulary, 5);
        var bound = 1 / Math.Sqrt(vocabulary);
        foreach (var table in (double[][])[model.Y, model.Z])
        {
            Assert.All(table, value => Assert.InRange(value, -bound, bound));
            if (vocabulary > 2)
                Assert.Equal(bound * bound / 3, table.Average(value => value * value), 0.1 * bound * bound);
        }

        Assert.NotEqual(model.Y, model.Z);
    }

    [Fact]
    public void Deviations_are_known_at_the_ends_of_the_rows_of_one_query_token()
    {
        Assert.Equal(0.331, FigureSix.PublishedDeviation(1, 3, 10));
        Assert.Equal(0.028, FigureSix.PublishedDeviation(1, 0.5, 1));
        Assert.Null(FigureSix.PublishedDeviation(1, 3, 5));
        Assert.Null(FigureSix.PublishedDeviation(10, 3, 10));
        Assert.Equal("ratio", Assert.Throws<ArgumentException>(() => FigureSix.PublishedDeviation(1, 1, 3)).ParamName);
    }
}
