namespace Attn.Experiments;

/// <summary>What one training was like. Lists hold one number an update, taken before it; they end early where the gradient was not finite.</summary>
/// <param name="Losses">Cross-entropy in nats a token, without penalties.</param>
/// <param name="MaxLogits">The largest attention logit of all layers.</param>
/// <param name="LogZ">The mean |ln Z|.</param>
/// <param name="GradientNorms">Before clipping, of the whole loss.</param>
/// <param name="Entropies">The update and the mean entropy of each head in nats, <c>[layer, head]</c>, at each look; the last is after the training.</param>
/// <param name="Diverged">Whether it ended because a gradient was not finite.</param>
public sealed record StabilityRun(
    IReadOnlyList<double> Losses, IReadOnlyList<double> MaxLogits, IReadOnlyList<double> LogZ, IReadOnlyList<double> GradientNorms,
    IReadOnlyList<(int Step, double[,] Heads)> Entropies, bool Diverged)
{
    private const int Last = 10;

    /// <summary>The root mean square of Adam's Δ, one an update; what ε takes away from 1 (Wortsman et al. 2023, §3.4).</summary>
    public IReadOnlyList<double> UpdateRms { get; init; } = [];

    /// <summary>The update and what made its logits, at each look: see <see cref="ProbedPass.QueryKeySizes"/>.</summary>
    public IReadOnlyList<(int Step, double Query, double Key, double Cosine)> QueryKeySizes { get; init; } = [];

    /// <summary>The mean loss of the last ten updates; NaN of a run that diverged.</summary>
    public double FinalLoss => Diverged ? double.NaN : Losses.TakeLast(Last).Average();

    /// <summary>The largest attention logit of all updates.</summary>
    public double PeakLogit => MaxLogits.Max();

    /// <summary>Entropies after the training, layer by layer.</summary>
    public double[] HeadEntropies => [.. Entropies[^1].Heads.Cast<double>()];

    /// <summary>The mean entropy of each layer after the training.</summary>
    public double[] LayerEntropies => [.. Enumerable.Range(0, Entropies[^1].Heads.GetLength(0)).Select(
        layer => Enumerable.Range(0, Entropies[^1].Heads.GetLength(1)).Average(head => Entropies[^1].Heads[layer, head]))];
}
