using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Lean;

/// <summary>The pictures and races of decoding schedules show what the makespans say.</summary>
public class LeanTests
{
    [Theory]
    [InlineData(2, 5, 5)]
    [InlineData(3, 17, 4)]
    [InlineData(56, 16, 108)]
    public void A_timeline_shows_every_tile_once_and_lasts_the_makespan(int outputs, int tiles, int processors)
    {
        foreach (var parts in new[] { 1, 2, 5, 7 })
            AssertShows(DecodeTimeline.FixedSplit(outputs, tiles, processors, parts), DecodeMakespan.FixedSplit(outputs, tiles, processors, parts));
        AssertShows(DecodeTimeline.StreamK(outputs, tiles, processors), DecodeMakespan.StreamK(outputs, tiles, processors));

        void AssertShows(double[,] picture, int makespan)
        {
            Assert.Equal((processors, makespan), (picture.GetLength(0), picture.GetLength(1)));
            var counts = picture.Cast<double>().Where(double.IsFinite).GroupBy(output => output).ToDictionary(group => group.Key, group => group.Count());
            Assert.Equal(Enumerable.Range(1, outputs).ToDictionary(output => (double)output, _ => tiles), counts);
        }
    }

    [Fact]
    public void A_point_counts_tiles_and_chooses_parts()
    {
        var point = new DecodePoint(Heads: 56, Batch: 1, Context: 65536, Tile: 256, Processors: 108);
        Assert.Equal((56, 256, 256, 133), (point.Outputs, point.Tiles, point.PerOutput, point.StreamK));
        Assert.InRange(point.FixedSplit, point.StreamK, point.PerOutput);
        Assert.Equal(56.0 * 256 / 108 / 133, point.Occupancy(point.StreamK), 1e-12);
        Assert.Equal(2 * 3 * 4, DecodePoint.Grid([1, 2], [1, 2, 4], [1, 2, 3, 4], 256, 108).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Threads_find_the_same_whatever_their_shares(int workers)
    {
        using var scope = NewDisposeScope();
        using var one = new DecodeRace(outputs: 3, rows: 4, context: 1000, dim: 8, seed: 1);
        using var two = new DecodeRace(outputs: 3, rows: 4, context: 1000, dim: 8, seed: 2);
        var expected = one.Run(one.WholeOutputs(1));
        foreach (var output in new[] { one.Run(one.WholeOutputs(workers)), one.Run(one.EqualShares(workers).Segments) })
            Assert.InRange((output - expected).abs().max().item<float>(), 0, 1e-5);
        Assert.True((two.Run(two.WholeOutputs(1)) - expected).abs().max().item<float>() > 1e-2);
    }
}
