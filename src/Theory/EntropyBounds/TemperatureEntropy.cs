using static TorchSharp.torch;

namespace Attn.Theory.EntropyBounds;

/// <summary>
/// The entropy of softmax(z/t) and how it moves with the temperature and the logits (Jha and Reagen 2025, arXiv 2501.03489, §3; the derivatives
/// follow from E = ln Σ exp(z/t) − ⟨z⟩/t).
/// </summary>
/// <remarks>Shapes: logits <c>[…,n]</c>, finite; temperatures <c>[…]</c> or what broadcasts to it, positive. Nats, float64; differentiable.</remarks>
public static class TemperatureEntropy
{
    /// <summary>E(t) = ln Σ exp(z/t) − ⟨z⟩/t, from 0 to ln n: <c>[…]</c>.</summary>
    /// <param name="logits">z.</param>
    /// <param name="temperature">t.</param>
    /// <exception cref="ArgumentException">No dimension, or a temperature that is not positive.</exception>
    public static Tensor Of(Tensor logits, Tensor temperature)
    {
        using var scope = NewDisposeScope();
        var scaled = Scaled(logits, temperature);
        return (scaled.logsumexp(-1) - (scaled.softmax(-1) * scaled).sum(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>dE/dt = Var_p(z)/t³, p = softmax(z/t), never below 0: <c>[…]</c>.</summary>
    /// <inheritdoc cref="Of"/>
    public static Tensor Slope(Tensor logits, Tensor temperature)
    {
        using var scope = NewDisposeScope();
        var scaled = Scaled(logits, temperature);
        var weights = scaled.softmax(-1);
        var centred = scaled - (weights * scaled).sum(-1, keepdim: true);
        // Var_p(z)/t³ = Var_p(z/t)/t.
        return ((weights * centred.square()).sum(-1) / temperature.to(ScalarType.Float64)).MoveToOuterDisposeScope();
    }

    /// <summary>∂E/∂z_j = −p_j(ln p_j + E) at t = 1: <c>[…,n]</c>. Along z itself it adds up to −Var_p(z).</summary>
    /// <param name="logits">z.</param>
    /// <exception cref="ArgumentException">No dimension.</exception>
    public static Tensor LogitGradient(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var scaled = Scaled(logits, tensor(1.0));
        var log = scaled.log_softmax(-1);
        var weights = log.exp();
        var entropy = -(weights * log).sum(-1, keepdim: true);
        return (-weights * (log + entropy)).MoveToOuterDisposeScope();
    }

    private static Tensor Scaled(Tensor logits, Tensor temperature)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(temperature);
        if (logits.dim() < 1)
            throw new ArgumentException("logits: got rank 0, needs […,n].", nameof(logits));
        if (!temperature.gt(0).all().item<bool>())
            throw new ArgumentException("temperature: got a number of 0 or less, needs positive ones.", nameof(temperature));
        var scaled = logits.to(ScalarType.Float64) / temperature.to(ScalarType.Float64).unsqueeze(-1);
        return scaled - scaled.detach().amax([-1], true); // Entropy is that of z − max z, whose sums lose no digits to a common offset.
    }
}
