using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// A memory that is written once and never trained: n pairs of a random unit key and a random value, of 64 channels as a rule, all written, then asked
/// for one by one. What comes back is right when of all values its own has the largest product with it.
/// </summary>
/// <param name="Name">What figures call it.</param>
/// <param name="KeyDim">Channels of a key.</param>
/// <param name="Weights">What each key of <c>[n,d]</c> weighs for each query of <c>[n,d]</c>: <c>[n,n]</c>.</param>
/// <param name="StateFloats">Floats of state after n pairs.</param>
public sealed record AssociativeMemory(string Name, int KeyDim, Func<Tensor, Tensor, Tensor> Weights, Func<int, long> StateFloats)
{
    private const int ValueDim = 64;
    private const double TaylorSharpness = 4, SoftmaxSharpness = 12;

    /// <summary>Σ v kᵀ with no feature map at all.</summary>
    public static AssociativeMemory Identity(int keyDim) => new($"identity {keyDim}", keyDim, (q, k) => q.matmul(k.t()), _ => keyDim * ValueDim);

    /// <summary>Linear attention with the Taylor map, s = 4 q·k.</summary>
    public static AssociativeMemory Taylor(int keyDim) => new(
        $"Taylor {keyDim}", keyDim, (q, k) => TaylorFeatureMap.Kernel(TaylorSharpness * q.matmul(k.t())),
        _ => TaylorFeatureMap.SymmetricWidth(keyDim) * (ValueDim + 1));

    /// <summary>Softmax of 12 q·k over the last pairs alone.</summary>
    public static AssociativeMemory Window(int window, int keyDim = 16) => new(
        $"window {window}", keyDim, (q, k) =>
        {
            var weights = (SoftmaxSharpness * q.matmul(k.t())).exp();
            weights.narrow(1, 0, Math.Max(0, k.size(0) - window)).zero_();
            return weights;
        },
        pairs => Math.Min(pairs, window) * (keyDim + ValueDim));

    /// <summary>Softmax of 12 q·k over all pairs.</summary>
    public static AssociativeMemory Softmax(int keyDim = 16) => Window(int.MaxValue, keyDim) with { Name = "softmax" };

    /// <summary>The share of pairs recalled.</summary>
    /// <param name="pairs">n.</param>
    /// <param name="seed">Fixes keys and values.</param>
    /// <param name="valueDim">Channels of a value.</param>
    public double Recall(int pairs, int seed, int valueDim = ValueDim)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Draw(long width) => randn([pairs, width], ScalarType.Float64, generator: generator);
        var (keys, values) = (nn.functional.normalize(Draw(KeyDim), dim: 1), Draw(valueDim));
        var recalled = Weights(keys, keys).matmul(values); // Dividing by a positive sum of weights would change no order.
        var nearest = recalled.matmul(values.t()).argmax(1);
        return nearest.eq(arange(pairs)).to(ScalarType.Float64).mean().item<double>();
    }
}
