namespace Attn.Experiments;

/// <summary>How a model is trained: AdamW, the learning rate rising linearly, then falling by a cosine to 0, or staying.</summary>
/// <param name="Steps">Updates.</param>
/// <param name="LearningRate">The largest.</param>
public sealed record TrainingPlan(int Steps, double LearningRate)
{
    /// <summary>Updates over which the learning rate rises.</summary>
    public int WarmUp { get; init; } = 20;

    /// <summary>Whether the learning rate falls once it has risen.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>AdamW's decay of weights.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>AdamW's memory of squared gradients, from 0 and below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The largest norm of a gradient; longer ones are shortened to it. Null leaves them.</summary>
    public double? Clip { get; init; }

    /// <summary>The learning rate of update <paramref name="step"/>, from 0.</summary>
    public double RateAt(int step)
    {
        if (step < WarmUp)
            return LearningRate * (step + 1) / WarmUp;
        return Decays ? LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (step - WarmUp) / Math.Max(1, Steps - WarmUp))) : LearningRate;
    }
}
