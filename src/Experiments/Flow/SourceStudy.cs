using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>A model trained on <see cref="RareSource"/>, and how it got there.</summary>
/// <param name="Accuracy">The share of right answers after the training.</param>
/// <param name="Curve">Updates and the share of right answers after them, of fewer sequences.</param>
/// <param name="Queries">The trained model's queries for one test sequence, <c>[1,1,48,16]</c>.</param>
/// <param name="Keys">The keys, as <paramref name="Queries"/>.</param>
public sealed record SourceRun(double Accuracy, IReadOnlyList<(int Step, double Accuracy)> Curve, Tensor Queries, Tensor Keys);

/// <summary>Trains <see cref="SourceModel"/> with one attention or another.</summary>
public static class SourceStudy
{
    private const int Batch = 32, TestSequences = 1000, CurveSequences = 200, Points = 20;

    /// <summary>One run a seed, in parallel and on one thread each: the models are too small to share out. See <see cref="Run"/>.</summary>
    public static SourceRun[] OverSeeds(AttentionCore core, int steps, double rate, IReadOnlyList<int> seeds, CancellationToken cancellation = default) =>
        Runs.Over(seeds, seed =>
        {
            set_num_threads(1);
            return Run(core, steps, rate, seed, cancellation);
        }, cancellation);

    /// <summary>One run: Adam at a constant rate, batches of 32 sequences.</summary>
    /// <param name="core">The attention.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="seed">Fixes task, weights and sequences.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArgumentException">Fewer than one step.</exception>
    public static SourceRun Run(AttentionCore core, int steps, double rate, int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var (task, random) = (new RareSource(seed), new Random(seed));
        using var model = new SourceModel(core, seed);
        var (tokens, answers) = task.Sample(TestSequences, new Random(seed + 1_000_000));
        var curve = new List<(int, double)>();
        Trainer.Run(model, new TrainingPlan(steps, rate) { WarmUp = 0, WeightDecay = 0, Decays = false }, _ => Loss(), (step, _) =>
        {
            if (step % Math.Max(1, steps / Points) == 0)
                curve.Add((step, Accuracy(CurveSequences)));
        }, cancellation);
        using var off = no_grad();
        var (queries, keys) = model.QueriesAndKeys(tokens.narrow(0, 0, 1));
        return new(Accuracy(TestSequences), curve, queries.MoveToOuterDisposeScope(), keys.MoveToOuterDisposeScope());

        Tensor Loss()
        {
            var (inputs, targets) = task.Sample(Batch, random);
            return nn.functional.cross_entropy(model.call(inputs), targets);
        }

        double Accuracy(int sequences)
        {
            using var off = no_grad();
            using var test = NewDisposeScope();
            return model.call(tokens.narrow(0, 0, sequences)).argmax(-1).eq(answers.narrow(0, 0, sequences)).to(ScalarType.Float64).mean().item<double>();
        }
    }
}
