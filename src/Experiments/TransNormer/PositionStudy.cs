using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Trains one small TransNormerLLM on <see cref="OrderTwoText"/> and follows its validation loss.</summary>
public static class PositionStudy
{
    private const int Length = 48, Batch = 16, FirstTarget = 8, ValidationSequences = 64;

    /// <summary>The model's size: 16 symbols, two layers of 32 channels and four heads.</summary>
    public static TransformerShape Shape { get; } = new(Vocabulary: 16, Length, Dim: 32, Layers: 2, Heads: 4);

    /// <summary>One run: Adam with a largest rate of 4·10⁻³, batches of 16 sequences of 48 symbols.</summary>
    /// <param name="options">What of the recipe the model has.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Fixes weights, training and validation text; the table is the same for all.</param>
    /// <param name="every">Updates between two validations.</param>
    /// <param name="noise">How often any symbol comes in place of the table's.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The update and the validation loss in nats over places from 8 on, at each validation; the last is after the training.</returns>
    /// <exception cref="ArgumentException">Fewer than one step, or none between validations.</exception>
    public static IReadOnlyList<(int Step, double Loss)> Run(
        TransNormerOptions options, int steps, int seed, int every = 25, double noise = 0.1, CancellationToken cancellation = default)
    {
        if (every < 1)
            throw new ArgumentException($"every: got {every}, needs at least 1.", nameof(every));
        using var scope = NewDisposeScope();
        var (text, random) = (new OrderTwoText(Shape.Vocabulary, noise), new Random(seed));
        using var model = new TransNormerModel(Shape, options, seed);
        var validation = text.Sample(ValidationSequences, Length, new Random(seed + 1_000_000), FirstTarget);
        var curve = new List<(int, double)>();
        Trainer.Run(
            model, new TrainingPlan(steps, 4e-3) { WeightDecay = 0 }, _ => model.Loss(text.Sample(Batch, Length, random)),
            (step, _) =>
            {
                if (step % every == 0 || step == steps)
                    curve.Add((step, Validate()));
            },
            cancellation);
        return curve;

        double Validate()
        {
            using var off = no_grad();
            using var loss = model.Loss(validation);
            return loss.item<float>();
        }
    }
}
