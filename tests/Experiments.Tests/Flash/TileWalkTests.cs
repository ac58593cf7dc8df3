using Attn.Kernels;

namespace Attn.Experiments.Tests.Flash;

public class TileWalkTests
{
    private static readonly TileSize Tile = new(3, 4);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_last_state_is_the_softmax(bool causal)
    {
        var scores = Scores(10, 14, causal);
        const int Watched = 7;
        var last = TileWalk.Of(scores, Tile, Watched)[^1];
        double[] row = [.. Enumerable.Range(0, 14).Select(key => scores[Watched, key])];
        Assert.Equal(row.Max(), last.Maximum);
        Assert.Equal(Math.Log(row.Sum(Math.Exp)), last.Maximum + Math.Log(last.Sum), 1e-12);
        for (var i = 0; i < 4; i++)
            Assert.Equal(1, Enumerable.Range(0, 4).Sum(j => double.IsNaN(last.Share[i, j]) ? 0 : last.Share[i, j]), 1e-12);
    }

    [Fact]
    public void A_tile_holds_the_mean_share_of_its_queries()
    {
        var scores = Scores(10, 14, causal: false);
        double Weight(int query, int key) => Math.Exp(scores[query, key]) / Enumerable.Range(0, 14).Sum(other => Math.Exp(scores[query, other]));
        var expected = Enumerable.Range(3, 3).Average(query => Enumerable.Range(8, 4).Sum(key => Weight(query, key)));
        Assert.Equal(expected, TileWalk.Of(scores, Tile, 0)[^1].Share[1, 2], 1e-12);
    }

    [Fact]
    public void Hidden_tiles_are_not_visited_and_unvisited_ones_hold_nothing()
    {
        var steps = TileWalk.Of(Scores(12, 12, causal: true), new(4, 4), watched: 5);
        Assert.Equal([(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)], steps.Select(step => (step.Row, step.Column)));
        Assert.True(double.IsNaN(steps[0].Share[0, 1]) && steps[0].Share[2, 0] == 0 && steps[0].Share[0, 0] == 1);
        Assert.True(double.IsNaN(steps[0].Maximum) && !double.IsNaN(steps[1].Maximum));
        Assert.True(steps[2].Maximum >= steps[1].Maximum);
    }

    private static double[,] Scores(int queries, int keys, bool causal)
    {
        var random = new Random(1);
        var scores = new double[queries, keys];
        for (var i = 0; i < queries; i++)
            for (var j = 0; j < keys; j++)
                scores[i, j] = causal && j > i + keys - queries ? double.NegativeInfinity : 4 * random.NextDouble() - 2;
        return scores;
    }
}
