using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// AdamW with the decay of weights on its own: θ ← θ − s(ηΔ + λθ), Δ = m̂/(√v̂ + ε), s the schedule's share of the rate (Wortsman et al. 2023,
/// §3.2.2). The usual, coupled form is θ ← θ − sη(Δ + λθ), in which the rate η sets the decay too.
/// </summary>
/// <remarks>All parameters are of one dtype, and are updated as one vector.</remarks>
public sealed class IndependentAdamW : IDisposable
{
    private readonly Tensor[] _parameters;
    private readonly long[] _sizes;
    private readonly Tensor _decays, _mean, _square;
    private int _steps;

    /// <param name="parameters">What is trained; float32 or float64.</param>
    /// <param name="decayed">Which of them decay.</param>
    /// <exception cref="ArgumentException">There is no parameter.</exception>
    public IndependentAdamW(IEnumerable<Tensor> parameters, IEnumerable<Tensor> decayed)
    {
        _parameters = [.. parameters];
        if (_parameters.Length == 0)
            throw new ArgumentException("parameters: got none, needs at least one.", nameof(parameters));
        using var scope = NewDisposeScope();
        var handles = decayed.Select(tensor => tensor.Handle).ToHashSet();
        _sizes = [.. _parameters.Select(parameter => parameter.numel())];
        var dtype = _parameters[0].dtype;
        _decays = cat([.. _parameters.Select(p => full(p.numel(), handles.Contains(p.Handle) ? 1.0 : 0.0, dtype))]).DetachFromDisposeScope();
        (_mean, _square) = (zeros_like(_decays).DetachFromDisposeScope(), zeros_like(_decays).DetachFromDisposeScope());
    }

    /// <summary>η, the largest rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>λ, as the form of decay takes it.</summary>
    public double Decay { get; init; } = 1e-4;

    /// <summary>Whether the decay is multiplied with the rate, as in the usual AdamW.</summary>
    public bool Coupled { get; init; }

    /// <summary>β₁ and β₂.</summary>
    public (double First, double Second) Betas { get; init; } = (0.9, 0.95);

    /// <summary>ε, beside √v̂.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The largest norm of the gradient; a longer one is shortened to it. Null leaves it.</summary>
    public double? Clip { get; init; }

    /// <summary>The root mean square of the last update's Δ over all parameters, about 1 where ε is small beside the gradient; 0 before the first.</summary>
    public double UpdateRms { get; private set; }

    /// <summary>One update by the parameters' gradients, of which one that is missing counts as 0.</summary>
    /// <param name="schedule">s, the share of the largest rate.</param>
    /// <returns>The norm of the gradient before clipping. Where it is not finite, nothing is updated.</returns>
    public double Step(double schedule)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var gradient = cat([.. _parameters.Select(parameter => (parameter.grad ?? zeros_like(parameter)).flatten())]);
        var norm = gradient.norm().to(ScalarType.Float64).item<double>();
        if (!double.IsFinite(norm))
            return norm;
        if (norm > Clip)
            gradient.mul_(Clip.Value / norm);
        _steps++;
        _mean.mul_(Betas.First).add_(gradient, alpha: 1 - Betas.First);
        _square.mul_(Betas.Second).addcmul_(gradient, gradient, value: 1 - Betas.Second);
        var root = (_square / (1 - Math.Pow(Betas.Second, _steps))).sqrt_().add_(Epsilon);
        var delta = (_mean / (1 - Math.Pow(Betas.First, _steps))).div_(root);
        UpdateRms = delta.square().mean().sqrt().to(ScalarType.Float64).item<double>();
        var theta = cat([.. _parameters.Select(parameter => parameter.flatten())]);
        var shrinkage = (theta * _decays).mul_(schedule * Decay * (Coupled ? LearningRate : 1)); // Of θ before the step.
        theta.sub_(delta.mul_(schedule * LearningRate)).sub_(shrinkage);
        foreach (var (parameter, value) in _parameters.Zip(theta.split(_sizes)))
            parameter.copy_(value.reshape(parameter.shape));
        return norm;
    }

    /// <summary>Frees the moments.</summary>
    public void Dispose()
    {
        _decays.Dispose();
        _mean.Dispose();
        _square.Dispose();
    }
}
