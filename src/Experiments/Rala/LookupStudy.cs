using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What a trained model does.</summary>
/// <param name="Error">The share of questions it answers wrongly; ¾ by chance.</param>
/// <param name="Rank">The effective rank of its attention's output, mean over test images.</param>
public sealed record LookupResult(double Error, double Rank);

/// <summary>Trains one-layer models on <see cref="DenseLookup"/>.</summary>
public static class LookupStudy
{
    private const int Batch = 32, TestImages = 500, RankImages = 64;

    /// <summary>One run: Adam with a largest rate of 3·10⁻³, batches of 32 images, the mean cross-entropy of all tokens that have a label.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Fixes weights and images.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArgumentException">Fewer than one step.</exception>
    public static LookupResult Run(RalaOptions layer, int steps, int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        using var model = new LookupModel(layer, seed);
        Trainer.Run(model, new TrainingPlan(steps, 3e-3) { WeightDecay = 0 }, _ => Loss(model, DenseLookup.Sample(Batch, random)), cancellation: cancellation);
        using var off = no_grad();
        var test = DenseLookup.Sample(TestImages, new Random(seed + 1_000_000));
        var wrong = model.call(test.Inputs).argmax(-1).flatten().ne(test.Targets);
        return new(
            wrong.index_select(0, test.Asked).to(ScalarType.Float64).mean().item<double>(),
            RankDiagnostics.Effective(model.Attend(test.Inputs.narrow(0, 0, RankImages))).mean().item<double>());
    }

    private static Tensor Loss(LookupModel model, LookupBatch batch) =>
        nn.functional.cross_entropy(model.call(batch.Inputs).flatten(0, 1), batch.Targets, ignore_index: SequenceBatch.NoTarget);
}
