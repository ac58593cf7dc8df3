using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Trains <see cref="ProbedTransformer"/> and watches logits, entropies and gradients on the way.</summary>
public static class StabilityStudy
{
    /// <summary>One run a plan and seed, in parallel and on one thread each: the models are too small to share out. See <see cref="Run"/>.</summary>
    /// <returns>The runs of each plan.</returns>
    public static StabilityRun[][] OverAll(IReadOnlyList<StabilityPlan> plans, IReadOnlyList<int> seeds, CancellationToken cancellation = default) =>
        Runs.OverAll(plans, seeds, (plan, seed) =>
        {
            set_num_threads(1);
            return Run(plan, seed, cancellation);
        }, cancellation);

    /// <summary>One run.</summary>
    /// <param name="plan">What is trained, and how.</param>
    /// <param name="seed">Fixes weights and text; the text's successors are the same for all.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArgumentException">Fewer than one step, or a model that cannot be.</exception>
    public static StabilityRun Run(StabilityPlan plan, int seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Training.Steps < 1)
            throw new ArgumentException($"plan: got {plan.Training.Steps} steps, needs at least 1.", nameof(plan));
        using var outer = NewDisposeScope();
        var (text, random) = (new BigramCopy(plan.Shape.Vocabulary), new Random(seed));
        using var model = new ProbedTransformer(plan.Shape, plan.Options, seed);
        using var regulariser = new EntropyRegulariser(Math.Max(1, plan.Shape.Layers), plan.Shape.Heads, plan.Tolerance, plan.MaxEntropy);
        using var optimiser = new IndependentAdamW([.. model.parameters(), .. regulariser.parameters()], model.Matrices)
        {
            LearningRate = plan.Training.LearningRate,
            Decay = plan.Training.WeightDecay,
            Epsilon = plan.Epsilon,
            Clip = plan.Training.Clip,
        };
        var (losses, logits, logZ, norms, entropies) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<(int, double[,])>());
        var (updates, sizes) = (new List<double>(), new List<(int, double, double, double)>());
        var diverged = false;
        for (var step = 0; step < plan.Training.Steps && !diverged; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = text.Sample(plan.Batch, plan.Shape.Length, random);
            var pass = model.call(batch.Inputs);
            var loss = nn.functional.cross_entropy(pass.Logits.flatten(0, 1), batch.Targets.flatten());
            losses.Add(loss.item<float>());
            logits.Add(pass.MaxAttentionLogit());
            logZ.Add(pass.MeanLogZ());
            if (plan.EntropyEvery > 0 && step % plan.EntropyEvery == 0)
                Look(step, pass);
            model.zero_grad();
            regulariser.zero_grad();
            BackwardFailures.Backward(Total(loss, pass) * plan.LossScale);
            norms.Add(optimiser.Step(plan.Training.RateAt(step) / plan.Training.LearningRate));
            updates.Add(optimiser.UpdateRms);
            diverged = !double.IsFinite(norms[^1]);
        }

        using (no_grad())
            Look(losses.Count, model.call(text.Sample(plan.Batch, plan.Shape.Length, random).Inputs));
        return new(losses, logits, logZ, norms, entropies, diverged) { UpdateRms = updates, QueryKeySizes = sizes };

        void Look(int step, ProbedPass pass)
        {
            entropies.Add((step, Entropies(pass)));
            var (query, key, cosine) = pass.QueryKeySizes();
            sizes.Add((step, query, key, cosine));
        }

        Tensor Total(Tensor loss, ProbedPass pass)
        {
            if (plan.ZLoss > 0)
                loss = loss + plan.ZLoss * pass.Logits.logsumexp(-1).square().mean();
            return plan.Penalty > 0 ? loss + plan.Penalty * regulariser.call(pass.Weights) : loss;
        }
    }

    private static double[,] Entropies(ProbedPass pass)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var heads = pass.Weights.Select(weights => PatternStatistics.Entropy(weights).mean([0, 2]).data<double>().ToArray()).ToArray();
        var all = new double[heads.Length, heads.FirstOrDefault()?.Length ?? 0];
        for (var layer = 0; layer < heads.Length; layer++)
            for (var head = 0; head < heads[layer].Length; head++)
                all[layer, head] = heads[layer][head];
        return all;
    }
}
