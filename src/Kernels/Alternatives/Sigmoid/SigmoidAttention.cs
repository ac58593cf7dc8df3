using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Sigmoid attention, O = σ(s·QKᵀ + b)·V with s = 1/√D and b = −ln Tk: an element-wise sigmoid in place of the row softmax, rows free in
/// their sum (Ramapuram et al. 2025, arXiv 2409.04431).
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; scores and sums of half-precision inputs
/// are float32. Causal attention is aligned at the ends: query i sees keys up to i + Tk − Tq; the bias counts all Tk keys all the same, as the
/// authors' code does. A query that sees no key gives zeros. Bad arguments give an <see cref="ArgumentException"/> that names the
/// argument. All methods are differentiable.
/// </remarks>
public static class SigmoidAttention
{
    /// <summary>b = −ln n, which gives the output softmax's scale at the start of training.</summary>
    /// <param name="keys">n, keys in training.</param>
    public static double DefaultBias(long keys)
    {
        Arguments.Positive(keys, nameof(keys));
        return -Math.Log(keys);
    }

    /// <summary>The formula with the whole matrix in memory.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="bias">b; <see cref="DefaultBias"/> of Tk when null.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Plain(Tensor q, Tensor k, Tensor v, bool causal = false, double? bias = null, double? scale = null)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        return Weights(q, k, causal, bias, scale).matmul(v.Widen()).to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// FlashSigmoid: tile by tile, with a backward pass that recomputes the weights. There is no maximum, no sum and no rescaling to carry,
    /// so tiles may come in any order; autograd keeps q, k and v alone. In half precision on a Hopper GPU, tile and order left open, by a CUDA kernel.
    /// </summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="bias">b; <see cref="DefaultBias"/> of Tk when null.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="tile">Tile size; <see cref="TileSize.For"/> when null.</param>
    /// <param name="order">Shuffles the tiles; in their order when null.</param>
    /// <inheritdoc cref="Plain" path="/returns"/>
    public static Tensor Tiled(
        Tensor q, Tensor k, Tensor v, bool causal = false, double? bias = null, double? scale = null, TileSize? tile = null, Random? order = null)
    {
        var tiles = Tiles.Of(q, k, v, causal, scale, tile);
        var added = Bias(bias, k);
        if (tile is null && order is null && TileFunction.TryAttend(q, k, v, new(TileActivation.Sigmoid, TileSight.Of(causal, q, k), tiles.Scale, added)) is { } fast)
            return fast;
        return SigmoidFunction.Call(q, k, v, new SigmoidTiles(tiles, added, order))[0];
    }

    /// <summary>The matrix σ(s·QKᵀ + b), 0 where the causal mask hides a key; rows do not sum to one.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="bias">b; <see cref="DefaultBias"/> of Tk when null.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(Tensor q, Tensor k, bool causal = false, double? bias = null, double? scale = null, IReadOnlyList<int>? rows = null)
    {
        Arguments.Qk(q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        var scores = (q.Pick(rows).Widen() * Arguments.Scale(scale, q.size(3))).matmul(k.Widen().transpose(-2, -1));
        var weights = (scores + Bias(bias, k)).sigmoid();
        if (causal)
            weights = weights.masked_fill(~Visibility.Causal(q.size(2), k.size(2), q.device, rows), 0);
        return weights.MoveToOuterDisposeScope();
    }

    private static double Bias(double? bias, Tensor k)
    {
        if (bias is { } given && !double.IsFinite(given))
            Arguments.Fail(nameof(bias), given.ToString(System.Globalization.CultureInfo.InvariantCulture), "a finite number, or null for −ln Tk");
        return bias ?? DefaultBias(k.size(2));
    }
}
