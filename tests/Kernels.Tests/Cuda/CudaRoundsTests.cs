using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Cuda;

/// <summary>Rounds, by a clock of the tests' own, which no GPU is needed for.</summary>
public class CudaRoundsTests
{
    private int _calls;

    [Theory]
    [InlineData(0.1, 400)]
    [InlineData(7, 5)]
    [InlineData(1000, 1)]
    [InlineData(1e-6, 1000)]
    public void A_round_has_as_many_calls_as_fit(double milliseconds, int calls)
    {
        var rounds = new List<int>();
        Assert.Equal(milliseconds, CudaRounds.Median(() => _calls++, Clock(milliseconds, rounds), CudaRounds.MostCalls, TestContext.Current.CancellationToken), 1e-12);
        Assert.Equal([1, 1], rounds[..2]);
        Assert.True(rounds.Count >= 2 + CudaRounds.Count, $"{rounds.Count} rounds");
        Assert.All(rounds[2..], round => Assert.Equal(calls, round));
    }

    [Fact]
    public void There_are_no_more_calls_than_allowed() =>
        Assert.Equal(0.1, CudaRounds.Median(() => _calls++, work =>
        {
            var before = _calls;
            work();
            Assert.InRange(_calls - before, 1, 7);
            return 0.1 * (_calls - before);
        }, 7, TestContext.Current.CancellationToken), 1e-12);

    [Fact]
    public void What_calls_make_is_freed()
    {
        var made = new List<Tensor>();
        CudaRounds.Median(
            () =>
            {
                _calls++;
                made.Add(zeros(3));
            },
            Clock(20, []), CudaRounds.MostCalls, TestContext.Current.CancellationToken);
        Assert.All(made, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void The_median_is_of_rounds()
    {
        var last = new Queue<double>();
        var round = 0;
        // One round in two is ten times as slow; the warm ones are as many as take .3 s.
        var median = CudaRounds.Median(() => _calls++, work =>
        {
            work();
            last.Enqueue(++round % 2 == 0 ? 400 : 40);
            return last.Last();
        }, 1, TestContext.Current.CancellationToken);
        Assert.Equal(last.TakeLast(CudaRounds.Count).Order().ElementAt(CudaRounds.Count / 2), median);
    }

    [Fact]
    public void It_ends_when_cancelled()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => CudaRounds.Median(stop.Cancel, Clock(1, []), 1, stop.Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => CudaRounds.Median(() => _calls++, Clock(1, []), 0, TestContext.Current.CancellationToken));
    }

    private Func<Action, double> Clock(double milliseconds, List<int> rounds) => work =>
    {
        var before = _calls;
        work();
        rounds.Add(_calls - before);
        return milliseconds * rounds[^1];
    };
}
