using CsCheck;

namespace Attn.Kernels.Tests.LeanAttention;

/// <summary>The stream-K schedule: every tile once, equal shares, one host an output.</summary>
public class ScheduleTests
{
    private static readonly Gen<(int[] Tiles, int Workers)> Problems = Gen.Select(Gen.Int[1, 40].Array[1, 20], Gen.Int[1, 150]);

    [Fact]
    public void Every_tile_is_computed_once_and_in_order() => Problems.Sample(problem =>
    {
        var schedule = LeanSchedule.Plan(problem.Tiles, problem.Workers);
        var computed = schedule.Segments.SelectMany(share => share).SelectMany(s => Enumerable.Range(s.Begin, s.Tiles).Select(tile => (s.Output, tile)));
        Assert.Equal(problem.Tiles.SelectMany((tiles, output) => Enumerable.Range(0, tiles).Select(tile => (output, tile))), computed);
    });

    [Fact]
    public void No_two_shares_differ_by_more_than_a_tile() => Problems.Sample(problem =>
    {
        var schedule = LeanSchedule.Plan(problem.Tiles, problem.Workers);
        var loads = Enumerable.Range(0, problem.Workers).Select(schedule.Load).ToArray();
        Assert.InRange(loads.Max() - loads.Min(), 0, 1);
        Assert.Equal((problem.Tiles.Sum() + problem.Workers - 1) / problem.Workers, schedule.Makespan);
    });

    [Fact]
    public void Each_output_has_one_host_and_a_worker_helps_in_its_first_segment_at_most() => Problems.Sample(problem =>
    {
        var shares = LeanSchedule.Plan(problem.Tiles, problem.Workers).Segments;
        Assert.Equal(Enumerable.Range(0, problem.Tiles.Length), shares.SelectMany(share => share).Where(s => s.IsHost).Select(s => s.Output));
        Assert.All(shares, share => Assert.All(share.Skip(1), segment => Assert.True(segment.IsHost)));
    });

    [Fact]
    public void Two_heads_of_five_tiles_on_five_processors()
    {
        var shares = LeanSchedule.Plan([5, 5], 5).Segments;
        Assert.Equal([new(0, 4, 5, false), new(1, 0, 1, true)], shares[2]);
        Assert.Equal([new(1, 3, 5, false)], shares[4]);
    }

    [Theory]
    [InlineData(5, 5, 2, new[] { 3, 4, 4, 2 })]
    [InlineData(10, 10, 4, new[] { 5, 8, 6, 4 })]
    public void The_makespans_of_two_heads_on_five_processors(int tiles, int perOutput, int streamK, int[] fixedSplit)
    {
        Assert.Equal(perOutput, DecodeMakespan.PerOutput(2, tiles, 5));
        Assert.Equal(streamK, DecodeMakespan.StreamK(2, tiles, 5));
        Assert.Equal(fixedSplit, Enumerable.Range(2, 4).Select(parts => DecodeMakespan.FixedSplit(2, tiles, 5, parts)));
    }

    [Fact]
    public void Equal_shares_are_never_slower_than_a_fixed_split() => Gen.Select(Gen.Int[1, 300], Gen.Int[1, 300], Gen.Int[1, 150]).Sample((outputs, tiles, processors) =>
    {
        var equal = DecodeMakespan.StreamK(outputs, tiles, processors);
        var chosen = DecodeMakespan.Parts(outputs, tiles, processors);
        Assert.InRange(chosen, 1, tiles);
        Assert.All(new[] { 1, 2, 3, 7, chosen }, parts => Assert.True(equal <= DecodeMakespan.FixedSplit(outputs, tiles, processors, parts)));
        Assert.InRange(DecodeMakespan.Occupancy(outputs, tiles, processors, equal), 0, 1);
    });

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.Equal("workers", Assert.Throws<ArgumentException>(() => LeanSchedule.Plan([3], 0)).ParamName);
        Assert.Equal("tilesPerOutput", Assert.Throws<ArgumentException>(() => LeanSchedule.Plan([], 2)).ParamName);
        Assert.Equal("tilesPerOutput", Assert.Throws<ArgumentException>(() => LeanSchedule.Plan([3, 0], 2)).ParamName);
        Assert.Equal("parts", Assert.Throws<ArgumentException>(() => DecodeMakespan.FixedSplit(1, 1, 1, 0)).ParamName);
        Assert.Equal("processors", Assert.Throws<ArgumentException>(() => DecodeMakespan.StreamK(1, 1, 0)).ParamName);
    }
}
