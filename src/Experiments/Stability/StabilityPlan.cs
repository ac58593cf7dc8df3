namespace Attn.Experiments;

/// <summary>How a <see cref="ProbedTransformer"/> is trained on <see cref="BigramCopy"/>.</summary>
/// <param name="Shape">The model's size; sequences are as long as it allows.</param>
/// <param name="Options">The model's parts.</param>
/// <param name="Training">Steps, rates and clipping; its decay of weights is independent of the rate.</param>
public sealed record StabilityPlan(TransformerShape Shape, ProbedOptions Options, TrainingPlan Training)
{
    /// <summary>Sequences of an update.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>The factor of ln²Z in the loss (z-loss); 0 for none.</summary>
    public double ZLoss { get; init; }

    /// <summary>Adam's ε.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>What the loss is multiplied with before its gradient is taken.</summary>
    public double LossScale { get; init; } = 1;

    /// <summary>λ, the weight of the entropy penalty; 0 for none.</summary>
    public double Penalty { get; init; }

    /// <summary>γ, the penalty's tolerance.</summary>
    public double Tolerance { get; init; } = 0.2;

    /// <summary>E_max, the penalty's unit, in nats.</summary>
    public double MaxEntropy { get; init; } = 1;

    /// <summary>Updates between two looks at entropies; the first and the last update are looked at too. 0 looks at the last alone.</summary>
    public int EntropyEvery { get; init; }
}
