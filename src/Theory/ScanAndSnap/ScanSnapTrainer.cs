namespace Attn.Theory.ScanAndSnap;

/// <summary>Trains a <see cref="ScanSnapModel"/> by batch-mean gradient ascent on J, with a rule of its own for each of Y and Z.</summary>
/// <remarks>A batch-mean step visits each class with weight 1/K, as K single-sample steps of the theory do with rate η/K each; so time t of
/// the theory is the step number here, and t/K its visits per class.</remarks>
public sealed class ScanSnapTrainer
{
    /// <summary>The rule for Y; see <see cref="UpdateRule.Sgd"/> and <see cref="UpdateRule.Adam"/>.</summary>
    public required Func<int, UpdateRule> DecoderRule { get; init; }

    /// <summary>The rule for Z.</summary>
    public required Func<int, UpdateRule> AttentionRule { get; init; }

    /// <summary>Updates to make.</summary>
    public required int Steps { get; init; }

    /// <summary>B, samples a batch; used by sampled training only.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>T − 1, tokens a context besides the query; used by sampled training only.</summary>
    public int ContextLength { get; init; } = 127;

    /// <summary>Whether targets are drawn independently of contexts (a control); used by sampled training only.</summary>
    public bool ShuffleTargets { get; init; }

    /// <summary>Called after every update, on the training thread.</summary>
    public Action<TrainingStep>? Observe { get; init; }

    /// <summary>A trainer as the paper's runs: SGD with rates η_Y and η_Z and the same momentum.</summary>
    public static ScanSnapTrainer Sgd(double etaY, double etaZ, double momentum, int steps, Action<TrainingStep>? observe = null) => new()
    {
        DecoderRule = UpdateRule.Sgd(etaY, momentum),
        AttentionRule = UpdateRule.Sgd(etaZ, momentum),
        Steps = steps,
        Observe = observe,
    };

    /// <summary>Trains on finite contexts drawn from <paramref name="data"/>; returns the last batch's loss in nats.</summary>
    /// <exception cref="ArgumentException">A model of another vocabulary, or a count below 1.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the model keeps the updates made so far.</exception>
    public double RunSampled(ScanSnapModel model, SequenceClasses data, long seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var sampler = new ContextSampler(data, Batch, ContextLength, seed, ShuffleTargets);
        return Run(model, data, sampler.Next, Batch, cancellation);
    }

    /// <summary>Trains on contexts of infinite length, every class in every batch; returns the last step's loss in nats.</summary>
    /// <exception cref="ArgumentException">A model of another vocabulary, or no steps.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the model keeps the updates made so far.</exception>
    public double RunPopulation(ScanSnapModel model, SequenceClasses data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var samples = ContextSampler.Population(data);
        return Run(model, data, () => samples, samples.Count, cancellation);
    }

    private double Run(
        ScanSnapModel model, SequenceClasses data, Func<IEnumerable<ContextSample>> next, int batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Vocabulary != data.Vocabulary)
            throw new ArgumentException($"model: got a vocabulary of {model.Vocabulary}, needs the data's {data.Vocabulary}.", nameof(model));
        if (Steps < 1)
            throw new ArgumentException($"Steps: got {Steps}, needs at least 1.", nameof(Steps));

        var gradients = new LemmaOne(model.Vocabulary);
        var (decoder, attention) = (DecoderRule(model.Y.Length), AttentionRule(model.Z.Length));
        var loss = double.NaN;
        for (var step = 1; step <= Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            gradients.Clear(data.ContextTokens, data.QueryTokens);
            loss = 0;
            foreach (var sample in next())
                loss += gradients.Add(model, sample, 1.0 / batch);
            // Rows that no context or query has keep a gradient of 0 for ever, and neither rule moves those.
            Move(decoder, model.Y, gradients.Y, data.ContextTokens, model.Vocabulary, step);
            Move(attention, model.Z, gradients.Z, data.QueryTokens, model.Vocabulary, step);
            Observe?.Invoke(new(step, loss, model));
        }

        return loss;
    }

    private static void Move(UpdateRule rule, double[] table, double[] gradient, IReadOnlyList<int> rows, int width, int step)
    {
        foreach (var row in rows)
            rule.Apply(table.AsSpan(row * width, width), gradient.AsSpan(row * width, width), row * width, step);
    }
}
