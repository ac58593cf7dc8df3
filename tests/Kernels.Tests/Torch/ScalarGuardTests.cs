using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Torch;

/// <summary>Numbers passed to libtorch outlive the call, whenever other threads collect garbage.</summary>
public class ScalarGuardTests
{
    [Fact]
    public async Task Numbers_survive_collections_of_other_threads()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var adders = Enumerable.Range(0, 2).Select(i => Task.Run(() => Add(i, stop.Token))).ToArray();
        for (var i = 0; i < 300 && !adders.Any(adder => adder.IsCompleted); i++)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            await Task.Delay(2, stop.Token);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(adders), sums => Assert.True(sums > 1000, $"{sums} sums"));
    }

    // Different numbers each time: what is freed and given out again then holds another's.
    private static int Add(int seed, CancellationToken stop)
    {
        using var zero = zeros(1, float64);
        var sums = 0;
        while (!stop.IsCancellationRequested)
        {
            var number = seed + 1 / (1.0 + sums++);
            using var sum = zero.add(number);
            Assert.Equal(number, sum.item<double>());
        }

        return sums;
    }
}
