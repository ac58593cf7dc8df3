using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Trains one small decoder on <see cref="BigramCopy"/>, without warm-up and without clipping, and looks at its attention on the way.</summary>
public static class CollapseStudy
{
    private const int Batch = 32, TestSequences = 16;
    private const double Sharper = 10;

    /// <summary>The model's size: 32 tokens, sequences of 32, two layers of 32 channels and two heads.</summary>
    public static TransformerShape Shape { get; } = new(Vocabulary: 32, Length: 32, Dim: 32, Layers: 2, Heads: 2);

    /// <summary>Many runs, in parallel and on one thread each; see <see cref="Run"/>. They come in the order of the jobs.</summary>
    /// <param name="jobs">The runs.</param>
    /// <param name="steps">Updates of each.</param>
    /// <param name="read">What is read off a layer's logits.</param>
    /// <param name="every">Updates between two looks.</param>
    /// <param name="cancellation">Ends the runs.</param>
    public static CollapseRun<T>[] RunAll<T>(
        IReadOnlyList<CollapseJob> jobs, int steps, Func<Tensor, T> read, int every = 5, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        return Runs.Over(jobs, job =>
        {
            set_num_threads(1); // The models are too small to share out.
            return Run(job.Options, job.Rate, steps, job.Seed, read, every, cancellation);
        }, cancellation);
    }

    /// <summary>One run: AdamW(0.9, 0.95) from the largest rate down to 0 by a cosine, batches of 32 sequences.</summary>
    /// <param name="options">What keeps the training stable.</param>
    /// <param name="rate">The largest learning rate.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Fixes weights and text; the successors are the same for all.</param>
    /// <param name="read">What is read off a layer's logits <c>[B,H,T,T]</c>, −∞ where masked; it must keep no tensor.</param>
    /// <param name="every">Updates between two looks.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArgumentException">Fewer than one step, or none between looks.</exception>
    public static CollapseRun<T> Run<T>(
        CollapseOptions options, double rate, int steps, int seed, Func<Tensor, T> read, int every = 5, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (every < 1)
            throw new ArgumentException($"every: got {every}, needs at least 1.", nameof(every));
        using var scope = NewDisposeScope();
        var (text, random) = (new BigramCopy(Shape.Vocabulary), new Random(seed));
        using var model = new ProbedTransformer(Shape, options.Parts, seed);
        var test = text.Sample(TestSequences, Shape.Length, new Random(seed + 1_000_000)).Inputs;
        List<CollapseLook<T>> looks = [new(0, Read(model, test, read), model.Norms())];
        var losses = Trainer.Run(
            model, new TrainingPlan(steps, rate) { WarmUp = 0, Beta2 = 0.95, WeightDecay = 0 },
            _ => Loss(model, text.Sample(Batch, Shape.Length, random)),
            (step, _) =>
            {
                if (step % every == 0 || step == steps)
                    looks.Add(new(step, Read(model, test, read), model.Norms()));
            },
            cancellation);
        if (!options.Sigma.HasFlag(SigmaPlaces.QueryKey))
            return new(losses, looks, []);
        model.MultiplyGamma(Sharper);
        return new(losses, looks, Read(model, test, read));
    }

    // The mean cross-entropy in nats over all places.
    private static Tensor Loss(ProbedTransformer model, SequenceBatch batch) =>
        nn.functional.cross_entropy(model.call(batch.Inputs).Logits.flatten(0, 1), batch.Targets.flatten());

    private static List<T> Read<T>(ProbedTransformer model, Tensor text, Func<Tensor, T> read)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        model.eval();
        var readings = model.call(text).AttentionLogits().Select(read).ToList();
        model.train();
        return readings;
    }
}
