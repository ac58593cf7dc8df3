using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// The entropy regulariser (Jha and Reagen 2025, algorithm 1): of each head δ = E − θ·E_max, and δ² where |δ| exceeds γE_max, the mean over
/// heads and layers. The thresholds θ are learned.
/// </summary>
public sealed class EntropyRegulariser : nn.Module<IReadOnlyList<Tensor>, Tensor>
{
    private const double Epsilon = 1e-9;
    private readonly double _gamma, _max;
    private readonly Parameter _thresholds;

    /// <param name="layers">Layers of the model.</param>
    /// <param name="heads">Heads of each.</param>
    /// <param name="gamma">γ, the tolerance as a share of <paramref name="max"/>; at least 0.</param>
    /// <param name="max">E_max in nats, positive: ln T in the paper, the reachable (ln T!)/T under a causal mask.</param>
    /// <param name="threshold">The first θ of every head.</param>
    /// <exception cref="ArgumentException">A tolerance below 0 or a maximum that is not positive.</exception>
    public EntropyRegulariser(int layers, int heads, double gamma, double max, double threshold = 0.5)
        : base(nameof(EntropyRegulariser))
    {
        if (!(gamma >= 0))
            throw new ArgumentException($"gamma: got {gamma}, needs at least 0.", nameof(gamma));
        if (!(max > 0 && double.IsFinite(max)))
            throw new ArgumentException($"max: got {max}, needs a positive number.", nameof(max));
        (_gamma, _max, _thresholds) = (gamma, max, nn.Parameter(full([layers, heads], threshold, ScalarType.Float32)));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>θ of each layer and head, <c>[L,H]</c>.</summary>
    public Tensor Thresholds => _thresholds;

    /// <summary>The penalty, a scalar; differentiable in weights and thresholds.</summary>
    /// <param name="weights">The attention matrices of each layer, <c>[B,H,T,T]</c>.</param>
    public override Tensor forward(IReadOnlyList<Tensor> weights)
    {
        using var scope = NewDisposeScope();
        var delta = stack([.. weights.Select(PerHead)]) - _thresholds * _max;
        return where(delta.abs() > _gamma * _max, delta.square(), 0.0f).mean().MoveToOuterDisposeScope();
    }

    /// <summary>−Σ a ln(a + 10⁻⁹) of each head in nats, the mean over sequences and queries, <c>[H]</c>; differentiable also where a weight is 0.</summary>
    /// <param name="weights"><c>[B,H,T,T]</c>.</param>
    public static Tensor PerHead(Tensor weights)
    {
        using var scope = NewDisposeScope();
        return (-(weights * (weights + Epsilon).log()).sum(-1)).mean([0, 2]).MoveToOuterDisposeScope();
    }
}
