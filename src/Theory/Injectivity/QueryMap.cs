using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.Injectivity;

/// <summary>
/// Attention seen as a map from queries to weights, the keys held fixed: queries <c>[M,d]</c> to weights <c>[M,N]</c> for keys
/// <c>[N,d]</c>, rows summing to one. Logits are q·k times a factor, 1 where the theorems have none.
/// </summary>
public static class QueryMap
{
    /// <summary>S(q)_j = exp(c·q·k_j) / Σ_s exp(c·q·k_s).</summary>
    /// <param name="keys"><c>[N,d]</c>.</param>
    /// <param name="scale">c.</param>
    public static Func<Tensor, Tensor> Softmax(Tensor keys, double scale = 1) => q =>
    {
        using var scope = NewDisposeScope();
        return Attn.Kernels.Softmax.Weights(Head(q), Head(keys), scale: scale)[0, 0].MoveToOuterDisposeScope();
    };

    /// <summary>
    /// L(q)_j = φ(q)·φ(k_j) / Σ_s φ(q)·φ(k_s), linear attention. Unlike the op it sets the divisor no floor, so that maps of any sign can
    /// be studied; where it vanishes the result is not finite.
    /// </summary>
    /// <param name="keys"><c>[N,d]</c>.</param>
    /// <param name="features">φ <c>[M,d]</c> → <c>[M,D]</c>; the identity when null.</param>
    public static Func<Tensor, Tensor> Linear(Tensor keys, Func<Tensor, Tensor>? features = null) => q =>
    {
        using var scope = NewDisposeScope();
        var scores = Of(features, q).matmul(Of(features, keys).t());
        return (scores / scores.sum(-1, keepdim: true)).MoveToOuterDisposeScope();
    };

    /// <summary>InL(q)_j = c·φ(q)·φ(k_j) − (c/N)Σ_s φ(q)·φ(k_s) + 1/N, InLine.</summary>
    /// <param name="keys"><c>[N,d]</c>.</param>
    /// <param name="features">φ; the identity when null.</param>
    /// <param name="scale">c.</param>
    public static Func<Tensor, Tensor> InLine(Tensor keys, Func<Tensor, Tensor>? features = null, double scale = 1) => q =>
    {
        using var scope = NewDisposeScope();
        return InLineAttention.Weights(Head(q), Head(keys), scale, features)[0, 0].MoveToOuterDisposeScope();
    };

    private static Tensor Of(Func<Tensor, Tensor>? features, Tensor x) => features is null ? x : features(x);

    private static Tensor Head(Tensor rows) => rows.reshape(1, 1, rows.size(0), rows.size(1));
}
