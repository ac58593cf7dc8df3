using System.Runtime;

namespace Attn.Experiments.Tests;

[Collection(nameof(CollectionPauseTests))]
[CollectionDefinition(nameof(CollectionPauseTests), DisableParallelization = true)]
public class CollectionPauseTests
{
    [Fact]
    public void Garbage_waits_until_parallel_runs_end()
    {
        var collections = Runs.Over([1, 2, 3], _ =>
        {
            var before = GC.CollectionCount(0);
            for (var i = 0; i < 1000; i++)
                GC.KeepAlive(new byte[50_000]);
            return GC.CollectionCount(0) - before;
        }, TestContext.Current.CancellationToken);
        Assert.Equal([0, 0, 0], collections);
        Assert.NotEqual(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
    }

    [Fact]
    public void Runs_within_runs_go_on()
    {
        var stop = TestContext.Current.CancellationToken;
        Assert.Equal([3, 5], Runs.Over([1, 2], s => Runs.Over([s, s + 1], t => t, stop).Sum(), stop));
    }
}
