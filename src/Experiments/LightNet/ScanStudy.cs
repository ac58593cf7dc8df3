using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What a model knows at each distance from the mark.</summary>
/// <param name="Before">The share of right answers of tokens that come before the mark.</param>
/// <param name="After">The share of right answers of the marked token and those after it.</param>
/// <param name="ByDistance">The share at each place relative to the mark, from −35 to 35; NaN where no test grid has one.</param>
public sealed record ScanAccuracy(double Before, double After, IReadOnlyList<double> ByDistance);

/// <summary>Trains one-layer models on <see cref="MarkedGrid"/>.</summary>
public static class ScanStudy
{
    private const int Dim = 16, Batch = 32, TestGrids = 1000;

    /// <summary>One run: Adam with a largest rate of 3·10⁻³, batches of 32 grids.</summary>
    /// <param name="kind">How the model reads.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Fixes weights and grids.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArgumentException">Fewer than one step.</exception>
    public static ScanAccuracy Run(ScanKind kind, int steps, int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        using var model = new ScanModel(kind, MarkedGrid.Vocabulary, MarkedGrid.Classes, Dim, seed);
        Trainer.Run(model, new TrainingPlan(steps, 3e-3) { WeightDecay = 0 }, _ => Loss(model, MarkedGrid.Sample(Batch, random).Batch), cancellation: cancellation);
        using var off = no_grad();
        var (batch, marks) = MarkedGrid.Sample(TestGrids, new Random(seed + 1_000_000));
        return Judge(model.call(batch.Inputs).argmax(-1).eq(batch.Targets).data<bool>().ToArray(), marks);
    }

    private static Tensor Loss(ScanModel model, SequenceBatch batch) =>
        nn.functional.cross_entropy(model.call(batch.Inputs).flatten(0, 1), batch.Targets.flatten());

    private static ScanAccuracy Judge(bool[] right, int[] marks)
    {
        var answers = right.Select((answer, i) => (Distance: i % MarkedGrid.Cells - marks[i / MarkedGrid.Cells], Right: answer ? 1.0 : 0)).ToArray();
        var byDistance = answers.ToLookup(answer => answer.Distance, answer => answer.Right);
        return new(
            answers.Where(answer => answer.Distance < 0).Average(answer => answer.Right),
            answers.Where(answer => answer.Distance >= 0).Average(answer => answer.Right),
            [.. Enumerable.Range(1 - MarkedGrid.Cells, 2 * MarkedGrid.Cells - 1).Select(d => byDistance[d].DefaultIfEmpty(double.NaN).Average())]);
    }
}
