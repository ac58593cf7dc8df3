using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How a trained <see cref="PasskeyEncoder"/> did on texts of one length.</summary>
/// <param name="Accuracy">The share of right classes.</param>
/// <param name="ShuffledAccuracy">The same against the classes of other texts: chance.</param>
/// <param name="Embeddings"><c>[texts,32]</c>.</param>
/// <param name="Labels">The texts' classes.</param>
public sealed record PasskeyResult(double Accuracy, double ShuffledAccuracy, Tensor Embeddings, IReadOnlyList<long> Labels);

/// <summary>Trains <see cref="PasskeyEncoder"/> on short texts, at temperature 1, and reads long ones at any.</summary>
public static class PasskeyStudy
{
    /// <summary>Lengths trained at, CLS not counted.</summary>
    public const int Shortest = 16, Longest = 39;

    private const int Batch = 32, Steps = 400, Chunk = 12;

    /// <summary>400 updates of AdamW with a largest rate of 3·10⁻³, batches of 32 texts of one random length each.</summary>
    /// <param name="seed">Fixes weights and texts.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="cancellation">Ends the training.</param>
    /// <exception cref="ArgumentException">Fewer than one step.</exception>
    public static PasskeyEncoder Train(int seed, int steps = Steps, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var (encoder, random) = (new PasskeyEncoder(seed), new Random(seed));
        Trainer.Run(encoder, new TrainingPlan(steps, 3e-3), _ =>
        {
            var (texts, labels) = PasskeyTask.Sample(Batch, random.Next(Shortest, Longest + 1), random);
            return nn.functional.cross_entropy(encoder.call(texts), labels);
        }, cancellation: cancellation);
        return encoder;
    }

    /// <summary>Reads texts that the seed fixes, so that temperatures are compared on the same ones.</summary>
    /// <param name="encoder">The model; its temperature is set.</param>
    /// <param name="length">n, CLS not counted.</param>
    /// <param name="texts">How many.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="seed">Fixes the texts.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static PasskeyResult Test(
        PasskeyEncoder encoder, int length, int texts, double temperature, int seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        encoder.eval();
        encoder.Temperature = temperature;
        var (tokens, labels) = PasskeyTask.Sample(texts, length, new Random(seed));
        var embeddings = cat([.. tokens.split(Chunk).Select(part =>
        {
            cancellation.ThrowIfCancellationRequested();
            return encoder.Embed(part);
        })]);
        var told = encoder.Classify(embeddings).argmax(-1);
        double Share(Tensor of) => told.eq(of).to(ScalarType.Float64).mean().item<double>();
        return new(Share(labels), Share(labels.roll(1)), embeddings.DetachFromDisposeScope(), labels.data<long>().ToArray());
    }
}
