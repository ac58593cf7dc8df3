using static TorchSharp.torch;

namespace Attn.Theory.Injectivity;

/// <summary>Measures how well a map from queries to weights keeps queries apart.</summary>
public static class InjectivityProbe
{
    /// <summary>
    /// σ_min/σ_max of ∂weights/∂q at q: 0 where a direction of the query changes no weight (to first order), 1 where all directions count
    /// alike.
    /// </summary>
    /// <param name="map">Queries <c>[1,d]</c> to weights <c>[1,N]</c>; differentiable.</param>
    /// <param name="q"><c>[d]</c>, float64.</param>
    public static double JacobianIndex(Func<Tensor, Tensor> map, Tensor q)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(q);
        using var scope = NewDisposeScope();
        var singular = Singular(map, q);
        return (singular.min() / singular.max()).item<double>();
    }

    /// <summary>σ_min of ∂weights/∂q at q.</summary>
    /// <inheritdoc cref="JacobianIndex" path="/param"/>
    public static double LeastSingularValue(Func<Tensor, Tensor> map, Tensor q)
    {
        using var scope = NewDisposeScope();
        return Singular(map, q).min().item<double>();
    }

    /// <summary>The rank of [K, 1]: softmax attention is injective exactly when it is d + 1 (Proposition 1).</summary>
    /// <param name="keys"><c>[N,d]</c>.</param>
    public static int AffineRank(Tensor keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using var scope = NewDisposeScope();
        return (int)linalg.matrix_rank(cat([keys, ones([keys.size(0), 1], keys.dtype)], 1)).item<long>();
    }

    /// <summary>log w − mean log w, along the last dimension: of softmax weights it is K_c·q, the keys centred.</summary>
    public static Tensor CentredLogRatio(Tensor weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        using var scope = NewDisposeScope();
        var logarithms = weights.log();
        return (logarithms - logarithms.mean([-1], keepdim: true)).MoveToOuterDisposeScope();
    }

    /// <summary>Tokens less their mean.</summary>
    /// <param name="tokens"><c>[N,·]</c>.</param>
    public static Tensor Centred(Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        using var mean = tokens.mean([0], keepdim: true);
        return tokens - mean;
    }

    /// <summary>σ_min and σ_max of the centred features: the bounds of |InL(p) − InL(q)| / |φ(p) − φ(q)|, both attained.</summary>
    /// <param name="keys"><c>[N,d]</c>.</param>
    /// <param name="features">φ; the identity when null.</param>
    public static (double Low, double High) LipschitzBounds(Tensor keys, Func<Tensor, Tensor>? features = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using var scope = NewDisposeScope();
        var singular = linalg.svdvals(Centred(features is null ? keys : features(keys)));
        return (singular.min().item<double>(), singular.max().item<double>());
    }

    private static Tensor Singular(Func<Tensor, Tensor> map, Tensor q) => linalg.svdvals(Diff.Jacobian(point => map(point.unsqueeze(0)), q));
}
