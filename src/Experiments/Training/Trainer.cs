using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Trains small models.</summary>
public static class Trainer
{
    /// <summary>Runs a plan.</summary>
    /// <param name="model">Whose parameters are trained.</param>
    /// <param name="plan">Steps and rates.</param>
    /// <param name="loss">The loss of an update, a scalar, from the update's number; it draws the batch.</param>
    /// <param name="report">Told of each update and its loss.</param>
    /// <param name="cancellation">Ends the training between two updates with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The loss of each update, before it.</returns>
    /// <exception cref="ArgumentException">A plan without steps.</exception>
    /// <exception cref="InvalidOperationException">A C# backward pass failed.</exception>
    public static double[] Run(nn.Module model, TrainingPlan plan, Func<int, Tensor> loss, Action<int, double>? report = null, CancellationToken cancellation = default)
    {
        if (plan.Steps < 1)
            throw new ArgumentException($"plan: got {plan.Steps} steps, needs at least 1.", nameof(plan));
        using var optimizer = optim.AdamW(model.parameters(), plan.LearningRate, beta2: plan.Beta2, weight_decay: plan.WeightDecay);
        model.train();
        var losses = new double[plan.Steps];
        for (var step = 0; step < plan.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = plan.RateAt(step);
            optimizer.zero_grad();
            var value = loss(step);
            BackwardFailures.Backward(value);
            if (plan.Clip is { } clip)
                nn.utils.clip_grad_norm_(model.parameters(), clip);
            optimizer.step();
            losses[step] = value.item<float>();
            report?.Invoke(step + 1, losses[step]);
        }

        return losses;
    }
}
