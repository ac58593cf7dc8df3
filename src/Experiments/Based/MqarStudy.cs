using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Trains models on <see cref="Mqar"/> and asks how often they recall.</summary>
public static class MqarStudy
{
    private const int Batch = 32, TestBatch = 256;

    /// <summary>The task of the claims: 8 pairs among 32 tokens of a vocabulary of 32.</summary>
    public static Mqar Task { get; } = new(Vocabulary: 32, Pairs: 8, Length: 32);

    /// <summary>Trains with Adam at a constant rate on batches of 32 fresh sequences.</summary>
    /// <param name="model">Logits <c>[B,T,vocabulary]</c> for tokens <c>[B,T]</c>.</param>
    /// <param name="task">The task.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="seed">Fixes the sequences.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static void Train(
        nn.Module<Tensor, Tensor> model, Mqar task, int steps, double rate, int seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(task);
        var random = new Random(seed);
        var plan = new TrainingPlan(steps, rate) { WarmUp = 0, Decays = false, WeightDecay = 0 };
        Trainer.Run(model, plan, _ => Loss(model, task.Sample(Batch, random)), cancellation: cancellation);
    }

    /// <summary>The share of questions answered rightly, on 256 sequences that training never saw.</summary>
    /// <param name="model">Logits <c>[B,T,vocabulary]</c> for tokens <c>[B,T]</c>.</param>
    /// <param name="task">The task.</param>
    /// <param name="seed">Fixes the sequences, with no part in those of training.</param>
    public static double Accuracy(nn.Module<Tensor, Tensor> model, Mqar task, int seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(task);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var batch = task.Sample(TestBatch, new Random(seed + 1_000_000));
        var asked = batch.Targets != SequenceBatch.NoTarget;
        return model.call(batch.Inputs).argmax(-1)[asked].eq(batch.Targets[asked]).to(ScalarType.Float64).mean().item<double>();
    }

    /// <summary>One mixer behind a short convolution: trains on <see cref="Task"/> and tests with more pairs and fewer.</summary>
    /// <param name="mixer">The attention.</param>
    /// <param name="steps">Updates, at a rate of 5·10⁻³.</param>
    /// <param name="seed">Fixes weights and sequences.</param>
    /// <param name="pairs">How many pairs each test has, at four tokens a pair; those of <see cref="Task"/> when none are given.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The share of right answers of each test.</returns>
    public static double[] Convolved(
        RecallMixer mixer, int steps, int seed, IReadOnlyList<int>? pairs = null, CancellationToken cancellation = default)
    {
        using var model = new ConvolutionRecallModel(Task.Vocabulary, mixer, seed);
        Train(model, Task, steps, 5e-3, seed, cancellation);
        return [.. (pairs ?? [Task.Pairs]).Select(n => Accuracy(model, Task with { Pairs = n, Length = 4 * n }, seed))];
    }

    /// <summary>A stack of layers without convolution: trains and tests.</summary>
    /// <param name="layers">The layers from the first.</param>
    /// <param name="steps">Updates, at a rate of 4·10⁻³.</param>
    /// <param name="seed">Fixes weights and sequences.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The share of right answers.</returns>
    public static double Stacked(IReadOnlyList<RecallLayer> layers, int steps, int seed, CancellationToken cancellation = default)
    {
        using var model = new StackedRecallModel(Task.Vocabulary, layers, seed);
        Train(model, Task, steps, 4e-3, seed, cancellation);
        return Accuracy(model, Task, seed);
    }

    private static Tensor Loss(nn.Module<Tensor, Tensor> model, SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var logits = model.call(batch.Inputs).flatten(0, 1);
        return nn.functional.cross_entropy(logits, batch.Targets.flatten(), ignore_index: SequenceBatch.NoTarget).MoveToOuterDisposeScope();
    }
}
