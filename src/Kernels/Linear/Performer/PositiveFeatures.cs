using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// FAVOR+'s positive random features: with ω standard normal, E[φ(x)·φ(y)] = e^{x·y} for φ(x) = e^{ωᵀx − |x|²/2}/√m (Choromanski et al.
/// 2021, Lemma 1). Queries and keys are both multiplied by D^−¼, so that the kernel is that of softmax attention.
/// </summary>
public static class PositiveFeatures
{
    /// <summary>What the published code adds to every feature, so that no sum of weights is zero.</summary>
    public const double Epsilon = 1e-6;

    /// <summary>
    /// The map of the attention row. Queries are stabilised as published: the largest exponent of each is subtracted, a factor that the
    /// division takes out again (with it goes |q|²/2). The exponents of keys are at most |ω|²/2 whatever the key, so they need no such
    /// thing; a maximum over all keys would let later keys into earlier outputs.
    /// </summary>
    /// <param name="seed">Fixes ω.</param>
    /// <param name="count">m from D; <see cref="RandomProjections.Count"/> when null.</param>
    public static FeatureMap Map(int seed = 0, Func<int, int>? count = null)
    {
        var width = count ?? RandomProjections.Count;
        return new(x => Queries(x, Projections(x)), x => Keys(x, Projections(x)), width);

        Tensor Projections(Tensor x) => RandomProjections.Draw((int)x.size(-1), width((int)x.size(-1)), seed, x.dtype, x.device);
    }

    /// <summary>φ(x) without scale or stabiliser: φ(x)·φ(y) estimates e^{x·y}.</summary>
    /// <param name="x"><c>[…,D]</c>.</param>
    /// <param name="projections">ω <c>[m,D]</c>.</param>
    /// <returns><c>[…,m]</c>.</returns>
    public static Tensor Of(Tensor x, Tensor projections)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(projections);
        using var scope = NewDisposeScope();
        var exponent = x.matmul(projections.t()) - x.square().sum(-1, keepdim: true) / 2;
        return (exponent.exp() / Math.Sqrt(projections.size(0))).MoveToOuterDisposeScope();
    }

    private static Tensor Queries(Tensor q, Tensor projections)
    {
        using var scope = NewDisposeScope();
        using var owned = projections;
        var exponent = (q * Quarter(q)).matmul(projections.t());
        return Positive((exponent - exponent.amax([-1], keepdim: true)).exp(), projections);
    }

    private static Tensor Keys(Tensor k, Tensor projections)
    {
        using var scope = NewDisposeScope();
        using var owned = projections;
        // Wide heads have longer directions than float32 has exponents: a constant, which the division takes out again, brings them down.
        var largest = projections.square().sum(-1).max() / 2;
        var scaled = k * Quarter(k);
        var exponent = scaled.matmul(projections.t()) - scaled.square().sum(-1, keepdim: true) / 2 - (largest - 80).clamp_min(0);
        return Positive(exponent.exp(), projections);
    }

    private static Tensor Positive(Tensor features, Tensor projections) =>
        ((features + Epsilon) / Math.Sqrt(projections.size(0))).MoveToOuterDisposeScope();

    private static double Quarter(Tensor x) => Math.Pow(x.size(-1), -0.25);
}
