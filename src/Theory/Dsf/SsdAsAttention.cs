using Attn.Theory.Numerics;
using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>
/// SSD, h_i = e^{−aΔ_i}h_{i−1} + Δ_i b_i v_i and y_i = c_i·h_i, beside separable attention (arXiv 2405.15731, §4.2): the same with
/// η_i = exp(aΣ_{k≤i}Δ_k) and keys η_jΔ_jb_j, but with keys b_j alone only where the steps leave no choice.
/// </summary>
public static class SsdAsAttention
{
    /// <summary>SSD itself, by its recurrence.</summary>
    /// <param name="c">Queries <c>[…,L,n]</c>.</param>
    /// <param name="b">Keys <c>[…,L,n]</c>.</param>
    /// <param name="step">Δ, above 0, <c>[…,L,1]</c>.</param>
    /// <param name="rate">a.</param>
    public static HeadSystem Recurrent(Tensor c, Tensor b, Tensor step, double rate = 1) => Own(() => new((-rate * step).exp().expand(b.shape), step * b, c));

    /// <summary>Separable attention with η_i = exp(aΣΔ) and keys η_jΔ_jb_j: equal to SSD whatever the steps.</summary>
    /// <inheritdoc cref="Recurrent" path="/param"/>
    public static HeadSystem Rescaled(Tensor c, Tensor b, Tensor step, double rate = 1) => Own(() =>
    {
        var eta = (rate * step.cumsum(-2)).exp();
        return HeadSystem.Separable(c, eta * step * b, eta);
    });

    /// <summary>
    /// Separable attention with keys b_j as they are and η_i = 1/Δ_i, so that a token is written as SSD writes it: Λ_i = Δ_i/Δ_{i−1}, which is
    /// e^{−aΔ_i} for no steps but those of <see cref="CoupledSteps"/>.
    /// </summary>
    /// <param name="c">Queries <c>[…,L,n]</c>.</param>
    /// <param name="b">Keys <c>[…,L,n]</c>.</param>
    /// <param name="step">Δ, above 0, <c>[…,L,1]</c>.</param>
    public static HeadSystem Unscaled(Tensor c, Tensor b, Tensor step) => Own(() => HeadSystem.Separable(c, b, 1 / step));

    /// <summary>
    /// The steps for which attention with plain keys is SSD: Δ_i e^{aΔ_i} = Δ_{i−1}, so Δ_i = W(aΔ_{i−1})/a with Lambert's W. Nothing is free after
    /// the first, and a·i·Δ_i goes to 1: in the end every token counts alike.
    /// </summary>
    /// <param name="first">Δ_0, above 0.</param>
    /// <param name="count">How many.</param>
    /// <param name="rate">a, above 0.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double[] CoupledSteps(double first, int count, double rate = 1)
    {
        if (!(first > 0))
            throw new ArgumentException($"first: got {first}, needs a number above 0.", nameof(first));
        if (count < 1)
            throw new ArgumentException($"count: got {count}, needs at least 1.", nameof(count));
        if (!(rate > 0))
            throw new ArgumentException($"rate: got {rate}, needs a number above 0.", nameof(rate));
        var steps = new double[count];
        steps[0] = first;
        for (var i = 1; i < count; i++)
            steps[i] = LambertW.Principal(rate * steps[i - 1]) / rate;
        return steps;
    }

    private static HeadSystem Own(Func<HeadSystem> make)
    {
        using var scope = NewDisposeScope();
        var head = make();
        return new(head.Decay.MoveToOuterDisposeScope(), head.Keys.MoveToOuterDisposeScope(), head.Queries);
    }
}
