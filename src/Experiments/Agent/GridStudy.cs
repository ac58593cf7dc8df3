using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How a <see cref="GridModel"/> is trained.</summary>
/// <param name="Dim">Channels.</param>
/// <param name="Batch">Grids of an update.</param>
/// <param name="Steps">Updates.</param>
/// <param name="Convolution">Whether a depthwise convolution of the values is added to each attention.</param>
public sealed record GridPlan(int Dim, int Batch, int Steps, bool Convolution)
{
    /// <summary>Adam's learning rate, which stays.</summary>
    public double Rate { get; init; } = 3e-3;
}

/// <summary>Trains small vision models on <see cref="ColourGrid"/> with one attention or another.</summary>
public static class GridStudy
{
    private const int TestGrids = 500;

    /// <summary>The share of right answers after the training, of each attention one run a seed, in parallel.</summary>
    /// <param name="cores">The attentions.</param>
    /// <param name="plan">Sizes.</param>
    /// <param name="seeds">Each fixes weights and grids.</param>
    /// <param name="cancellation">Ends the runs.</param>
    public static double[][] OverAll(
        IReadOnlyList<AttentionCore> cores, GridPlan plan, IReadOnlyList<int> seeds, CancellationToken cancellation = default) =>
        Runs.OverAll(cores, seeds, (core, seed) =>
        {
            set_num_threads(1); // The models are too small to share out.
            return Run(core, plan, seed, cancellation);
        }, cancellation);

    private static double Run(AttentionCore core, GridPlan plan, int seed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        using var model = new GridModel(core, plan.Dim, plan.Convolution, seed);
        Trainer.Run(model, new TrainingPlan(plan.Steps, plan.Rate) { WarmUp = 0, WeightDecay = 0, Decays = false }, _ =>
        {
            var (tokens, answers) = ColourGrid.Sample(plan.Batch, random);
            return nn.functional.cross_entropy(model.call(tokens), answers);
        }, cancellation: cancellation);
        using var off = no_grad();
        var (test, right) = ColourGrid.Sample(TestGrids, new Random(seed + 1_000_000));
        return model.call(test).argmax(-1).eq(right).to(ScalarType.Float64).mean().item<double>();
    }
}
