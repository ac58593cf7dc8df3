using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What a trained model came to.</summary>
/// <param name="Accuracy">The share of right answers on fresh sequences.</param>
/// <param name="UsedCodes">Codes that their keys use.</param>
public readonly record struct LongVqResult(double Accuracy, int UsedCodes);

/// <summary>Trains one-layer models on recall and on copying: Adam, a largest rate of 5·10⁻³ that falls by a cosine, batches of 64.</summary>
public static class LongVqStudy
{
    private const int Dim = 32, KeyDim = 8, Batch = 64, Test = 512;
    private static readonly Mqar Recall = new(Vocabulary: 32, Pairs: 8, Length: 32);

    /// <summary>Recall of 8 pairs without attention (0 codes), and with exact keys for as long.</summary>
    /// <param name="keys">What attention scores.</param>
    /// <param name="steps">Updates of each of the two phases.</param>
    /// <param name="seed">Fixes weights and sequences.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static LongVqResult Plain(LongVqKeys keys, int steps, int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var model = OnRecall(keys, 1, seed);
        Train(model, Recall.Sample, steps, seed, cancellation);
        Train(model, Recall.Sample, steps, seed + 1000, cancellation);
        return Judge(model, Recall.Sample, seed);
    }

    /// <summary>Recall with codes: first exact keys, then codes of those keys by k-means, then codes that follow the keys.</summary>
    /// <param name="codes">S of each model; the first phase is common to all.</param>
    /// <param name="steps">Updates of each phase.</param>
    /// <param name="seed">Fixes weights and sequences.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static LongVqResult[] Warm(IReadOnlyList<int> codes, int steps, int seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(codes);
        using var scope = NewDisposeScope();
        using var first = OnRecall(LongVqKeys.Exact, 1, seed);
        Train(first, Recall.Sample, steps, seed, cancellation);
        return [.. codes.Select(count =>
        {
            using var model = OnRecall(LongVqKeys.Quantised, count, seed);
            model.WarmStart(first, Recall.Sample(Batch, new Random(seed + 3000)), seed);
            Train(model, Recall.Sample, steps, seed + 1000, cancellation);
            return Judge(model, Recall.Sample, seed);
        })];
    }

    /// <summary>Recall with codes from the first update, random at first.</summary>
    /// <param name="codes">S.</param>
    /// <param name="follow">Whether codes follow the keys; else they stay as they are.</param>
    /// <param name="steps">Half of the updates.</param>
    /// <param name="seed">Fixes weights and sequences.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static LongVqResult Cold(int codes, bool follow, int steps, int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var model = OnRecall(LongVqKeys.Quantised, codes, seed, follow);
        Train(model, Recall.Sample, 2 * steps, seed, cancellation);
        return Judge(model, Recall.Sample, seed);
    }

    /// <summary>Copying the token three back, without moving average: only the window's bias can tell places.</summary>
    /// <param name="keys">What attention scores.</param>
    /// <param name="window">W; 0 for none.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Fixes weights and sequences.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static LongVqResult Copy(LongVqKeys keys, int window, int steps, int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var options = new LongVqOptions(Dim) { KeyDim = KeyDim, Codes = 32, Window = window, Order = 0, Keys = keys };
        using var model = new LongVqModel(CopyBack.Vocabulary, options, seed);
        Train(model, CopyBack.Sample, steps, seed, cancellation);
        return Judge(model, CopyBack.Sample, seed);
    }

    private static LongVqModel OnRecall(LongVqKeys keys, int codes, int seed, bool follow = true) => new(
        Recall.Vocabulary, new(Dim) { KeyDim = KeyDim, Codes = codes, Window = 0, Keys = keys, UpdateCodes = follow }, seed);

    private static void Train(LongVqModel model, Func<int, Random, SequenceBatch> sample, int steps, int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        Trainer.Run(model, new(steps, 5e-3) { WeightDecay = 0 }, _ => model.Loss(sample(Batch, random)), cancellation: cancellation);
    }

    private static LongVqResult Judge(LongVqModel model, Func<int, Random, SequenceBatch> sample, int seed)
    {
        var batch = sample(Test, new Random(seed + 1_000_000));
        return new(model.Accuracy(batch), model.UsedCodes(batch));
    }
}
