namespace Attn.Experiments;

/// <summary>Trains one mixer after another on a small <see cref="Mqar"/> and asks how often they recall, by the size of their state.</summary>
public static class ShiftedRecallStudy
{
    private const int Batch = 32;

    /// <summary>8 pairs of 64 keys and 64 values among 32 tokens; in the second half every other token is a question.</summary>
    public static Mqar Task { get; } = new(Vocabulary: 128, Pairs: 8, Length: 32);

    /// <summary>Trains by AdamW with a largest rate of 10⁻² and tests on 256 sequences that training never saw.</summary>
    /// <param name="kind">The mixer.</param>
    /// <param name="state">n, channels of queries and keys.</param>
    /// <param name="steps">Updates, on batches of 32 fresh sequences.</param>
    /// <param name="seed">Fixes weights and sequences.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The share of questions answered rightly; guessing among the values shown gives ⅛.</returns>
    public static double Accuracy(RecallKind kind, int state, int steps, int seed, CancellationToken cancellation = default)
    {
        using var model = new ShiftedRecallModel(Task, kind, state, seed);
        var random = new Random(seed);
        Trainer.Run(model, new TrainingPlan(steps, 1e-2), _ => model.Loss(Task.Sample(Batch, random)), cancellation: cancellation);
        return MqarStudy.Accuracy(model, Task, seed);
    }
}
