using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>
/// The forget gate that S6 has without saying so: with Δ = softplus(z), e^{−aΔ} = (1 + e^z)^{−a} = σ(−z)^a (arXiv 2405.15731, §4.3).
/// </summary>
public static class ReversedSigmoid
{
    /// <summary>σ(−z)^a, number by number.</summary>
    /// <param name="z">Numbers of any shape.</param>
    /// <param name="power">a, at least 0.</param>
    public static Tensor Forget(Tensor z, double power = 1)
    {
        ArgumentNullException.ThrowIfNull(z);
        if (!(power >= 0))
            throw new ArgumentException($"power: got {power.ToString(System.Globalization.CultureInfo.InvariantCulture)}, needs at least 0.", nameof(power));
        using var scope = NewDisposeScope();
        return (-z).sigmoid().pow(power).MoveToOuterDisposeScope();
    }

    /// <summary>e^{−aΔ} with Δ = softplus(z), as a state space model computes it.</summary>
    /// <inheritdoc cref="Forget"/>
    public static Tensor FromStep(Tensor z, double power = 1)
    {
        ArgumentNullException.ThrowIfNull(z);
        using var scope = NewDisposeScope();
        return (-power * nn.functional.softplus(z)).exp().MoveToOuterDisposeScope();
    }
}
