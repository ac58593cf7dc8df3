using Attn.Theory.ScanAndSnap;

namespace Theory.Tests.ScanAndSnap;

public sealed class ScanSnapTrainerTests
{
    private static readonly SequenceClasses Small = SequenceClasses.SynSmall();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (ScanSnapModel Model, double Loss) Train(SequenceClasses data, ScanSnapTrainer trainer, long? seed = null)
    {
        var model = new ScanSnapModel(data.Vocabulary);
        var loss = seed is { } s ? trainer.RunSampled(model, data, s, Token) : trainer.RunPopulation(model, data, Token);
        return (model, loss);
    }

    [Fact]
    public void A_seed_fixes_the_run()
    {
        var trainer = ScanSnapTrainer.Sgd(1, 1, 0.9, 20);
        var first = Train(Small, trainer, 3);
        var (again, other) = (Train(Small, trainer, 3), Train(Small, trainer, 4));
        Assert.Equal(first.Model.Z, again.Model.Z);
        Assert.Equal(first.Loss, again.Loss);
        Assert.NotEqual(first.Model.Z, other.Model.Z);
    }

    [Fact]
    public void Row_sums_stay_zero()
    {
        var (model, _) = Train(Small, ScanSnapTrainer.Sgd(10, 1, 0.9, 50), 1);
        Assert.All(model.Y.Chunk(34).Concat(model.Z.Chunk(34)), row => Assert.Equal(0, row.Sum(), 1e-11));
        Assert.True(model.Z.Max() > 0.1);
    }

    [Fact]
    public void Many_long_contexts_train_as_the_population_does()
    {
        var trainer = new ScanSnapTrainer
        {
            DecoderRule = UpdateRule.Sgd(1),
            AttentionRule = UpdateRule.Sgd(1),
            Steps = 15,
            Batch = 200,
            ContextLength = 20_000,
        };
        var (sampled, population) = (Train(Small, trainer, 5), Train(Small, trainer));
        Assert.Equal(population.Loss, sampled.Loss, 0.02);
        Assert.True(RandomModels.MaxDifference(population.Model.Z, sampled.Model.Z) < 0.1 * population.Model.Z.Max());
    }

    [Fact]
    public void Momentum_is_PyTorchs()
    {
        var (rule, table) = (UpdateRule.Sgd(0.5, 0.9)(2), new double[2]);
        rule.Apply(table, [1, -2], 0, 1);
        Assert.Equal([0.5, -1], table);
        rule.Apply(table, [1, 0], 0, 2); // v = 0.9·(1, −2) + (1, 0)
        Assert.Equal([0.5 + 0.95, -1 - 0.9], table);
    }

    [Fact]
    public void Adams_first_step_is_the_rate_and_later_ones_follow_the_paper()
    {
        var (rule, table) = (UpdateRule.Adam(0.1)(2), new double[2]);
        rule.Apply(table, [3, -1e-3], 0, 1);
        Assert.Equal(0.1, table[0], 1e-8);
        Assert.Equal(-0.1, table[1], 1e-5);
        rule.Apply(table, [0, 0], 0, 2);
        var expected = 0.1 + 0.1 * (0.9 * 0.1 * 3 / (1 - 0.81)) / Math.Sqrt(0.999 * 0.001 * 9 / (1 - 0.999 * 0.999));
        Assert.Equal(expected, table[0], 1e-8);
    }

    [Fact]
    public void Disjoint_classes_teach_the_decoder_and_leave_attention_alone()
    {
        var (model, loss) = Train(SequenceClasses.Layered(2, 1, common: 0), ScanSnapTrainer.Sgd(1, 1, 0, 500));
        Assert.All(model.Z, z => Assert.Equal(0, z, 1e-13));
        Assert.True(loss < 0.01);
    }

    [Fact]
    public void Theorem_3_misses_without_and_holds_with_a_fast_decoder()
    {
        double Error(double etaZ, int steps) => AttentionMap.LawError(Small, Train(Small, ScanSnapTrainer.Sgd(1, etaZ, 0, steps)).Model, 0);
        Assert.Equal(0.604, Error(1, 3000), 0.001);
        Assert.Equal(0.193, Error(0.1, 6000), 0.001);
    }

    [Theory]
    [InlineData(1, 1.94)]
    [InlineData(10, 2.08)]
    public void Figure_4_ends_at_its_entropy(double etaY, double expected)
    {
        var runs = Enumerable.Range(1, 3).Select(seed => Train(Small, ScanSnapTrainer.Sgd(etaY, 1, 0.9, 100), seed).Model);
        Assert.Equal(expected, runs.Average(model => AttentionMap.DistinctEntropy(Small, model)), 0.05);
    }

    [Fact]
    public void Shuffled_targets_leave_the_loss_at_chance()
    {
        var trainer = new ScanSnapTrainer { DecoderRule = UpdateRule.Sgd(0.3), AttentionRule = UpdateRule.Sgd(0.3), Steps = 300, ShuffleTargets = true };
        Assert.Equal(Math.Log(2), Train(Small, trainer, 1).Loss, 0.1);
    }

    [Fact]
    public void The_trace_sees_the_start_and_every_step()
    {
        var model = new ScanSnapModel(34);
        var trace = new TrainingTrace(Small, model);
        ScanSnapTrainer.Sgd(1, 1, 0.9, 30, trace.Observe).RunSampled(model, Small, 2, Token);
        Assert.Equal((31, 31, 30), (trace.Attention.Count, trace.Entropies.Count, trace.Losses.Count));
        Assert.Equal(Math.Log(34), trace.Losses[0], 1e-12);
        Assert.Equal(model.Z[30 * 34 + 19], trace.Speed(19).Sum(), 1e-12);
        Assert.Equal(1, trace.ShareOfDrop(30), 1e-12);
        Assert.InRange(trace.ShareOfDrop(12), 0.1, 0.9);
        Assert.Throws<ArgumentException>(() => trace.ShareOfDrop(31));
    }

    [Fact]
    public void A_cancelled_run_stops_at_a_step()
    {
        using var source = new CancellationTokenSource();
        var seen = 0;
        var trainer = ScanSnapTrainer.Sgd(1, 1, 0, 1_000_000, step =>
        {
            if ((seen = step.Step) == 7)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => trainer.RunPopulation(new(34), Small, source.Token));
        Assert.Equal(7, seen);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.Equal("rate", Assert.Throws<ArgumentException>(() => UpdateRule.Sgd(-1)).ParamName);
        Assert.Equal("rate", Assert.Throws<ArgumentException>(() => UpdateRule.Adam(double.NaN)).ParamName);
        Assert.Equal("momentum", Assert.Throws<ArgumentException>(() => UpdateRule.Sgd(1, 1)).ParamName);
        Assert.Equal("beta1", Assert.Throws<ArgumentException>(() => UpdateRule.Adam(1, beta1: 1)).ParamName);
        Assert.Equal("epsilon", Assert.Throws<ArgumentException>(() => UpdateRule.Adam(1, epsilon: 0)).ParamName);
        Assert.Equal("Steps", Assert.Throws<ArgumentException>(() => Train(Small, ScanSnapTrainer.Sgd(1, 1, 0, 0))).ParamName);
        Assert.Equal("model", Assert.Throws<ArgumentException>(() => ScanSnapTrainer.Sgd(1, 1, 0, 1).RunPopulation(new(33), Small, Token)).ParamName);
        Assert.Equal("batch", Assert.Throws<ArgumentException>(() => new ContextSampler(Small, 0, 5, 1)).ParamName);
        Assert.Equal("contextLength", Assert.Throws<ArgumentException>(() => new ContextSampler(Small, 5, 0, 1)).ParamName);
    }

    [Fact]
    public void A_seed_fixes_a_run_of_Adam_to_the_last_bit()
    {
        var trainer = new ScanSnapTrainer { DecoderRule = UpdateRule.Adam(0.5), AttentionRule = UpdateRule.Adam(0.5), Steps = 30 };
        var (first, again) = (Train(Small, trainer, 3), Train(Small, trainer, 3));
        Assert.Equal(first.Model.Z, again.Model.Z);
        Assert.Equal(first.Model.Y, again.Model.Y);
    }
}
