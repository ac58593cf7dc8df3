using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class PositionStudyTests
{
    [Fact]
    public void The_floor_is_the_entropy_of_the_noisy_table_and_samples_follow_it()
    {
        var text = new OrderTwoText();
        Assert.Equal(0.565, text.Floor, 0.001);
        using var scope = NewDisposeScope();
        var batch = text.Sample(100, 50, new Random(1), firstTarget: 8);
        Assert.Equal(8 * 100, (batch.Targets == SequenceBatch.NoTarget).sum().item<long>());
        Assert.True(batch.Inputs[.., 9..].equal(batch.Targets[.., 8..^1]).all().item<bool>());

        // The most frequent successor of a pair follows it about nine times in ten.
        var noiseless = new OrderTwoText(noise: 0).Sample(20, 200, new Random(2));
        var noisy = text.Sample(400, 50, new Random(3));
        var table = new Dictionary<(long, long), long>();
        var (x, y) = (noiseless.Inputs.data<long>().ToArray(), noiseless.Targets.data<long>().ToArray());
        for (var i = 1; i < x.Length; i++)
            if (i % 200 != 0)
                table[(x[i - 1], x[i])] = y[i];
        var (u, w) = (noisy.Inputs.data<long>().ToArray(), noisy.Targets.data<long>().ToArray());
        var known = Enumerable.Range(1, u.Length - 1).Where(i => i % 50 != 0 && table.ContainsKey((u[i - 1], u[i]))).ToArray();
        Assert.Equal(0.906, known.Average(i => table[(u[i - 1], u[i])] == w[i] ? 1.0 : 0), 0.03);
    }

    [Fact]
    public void A_run_learns_and_its_seed_fixes_it()
    {
        static double Loss(TransNormerOptions options, double noise = 0.1) =>
            PositionStudy.Run(options, steps: 40, seed: 3, every: 40, noise, TestContext.Current.CancellationToken)[^1].Loss;

        var curve = PositionStudy.Run(new(), steps: 40, seed: 3, every: 20, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([20, 40], curve.Select(point => point.Step));
        Assert.True(curve[^1].Loss < 2.5); // Guessing costs ln 16 = 2.77.
        Assert.Equal(curve[^1].Loss, Loss(new()), 1e-4);
        Assert.NotEqual(curve[^1].Loss, Loss(new() { Swish = true }), 1e-4);
        Assert.True(Loss(new(), noise: 1) > 2.7);
    }

    [Fact]
    public void Without_positions_the_order_of_what_came_before_does_not_matter()
    {
        using var scope = NewDisposeScope();
        var input = tensor(new long[,] { { 1, 2, 3, 4, 5 } });
        var shuffled = tensor(new long[,] { { 3, 1, 2, 4, 5 } });
        double Change(PositionCode code)
        {
            using var model = new TransNormerModel(PositionStudy.Shape with { Layers = 1 }, new(code), seed: 1);
            return (model.call(input)[0, 4] - model.call(shuffled)[0, 4]).abs().max().item<float>();
        }
        Assert.InRange(Change(PositionCode.None), 0, 1e-4);
        foreach (var code in new[] { PositionCode.Mix, PositionCode.LrpeD, PositionCode.Decay, PositionCode.Lrpe })
            Assert.True(Change(code) > 1e-3, code.ToString());
    }
}
