using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// cosFormer: linear attention with weights ReLU(q_i)·ReLU(k_j)·cos(π(i − j)/2M), which favour what is near; the cosine of a difference
/// splits into features of i and of j (Qin et al. 2022, arXiv 2202.08791, eq. 9–11).
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; sums of half-precision inputs are float32.
/// Causal attention is aligned at the ends: query i stands at the place of key i + Tk − Tq; else both count from 0. M is the length of the
/// sequence, so there is no state that a longer one could start from. A query whose weights are all zero gives zeros. Bad arguments give
/// an <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class CosFormer
{
    /// <summary>All scores at once, O(Tq·Tk).</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="horizon">M, at least the number of places; that number when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Parallel(Tensor q, Tensor k, Tensor v, bool causal = false, int? horizon = null)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        var map = Map(q, k, causal, horizon);
        return LinearAttention.Parallel(q, k, v, causal, featureMap: map.Queries, keyMap: map.Keys).Output.MoveToOuterDisposeScope();
    }

    /// <summary>Quadratic inside a chunk, sums between chunks: O(T·(chunk + D)).</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="horizon">M, at least the number of places; that number when null.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <inheritdoc cref="Parallel" path="/returns"/>
    public static Tensor Chunked(Tensor q, Tensor k, Tensor v, bool causal = false, int? horizon = null, int chunk = 64)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        var map = Map(q, k, causal, horizon);
        return LinearAttention.Chunked(q, k, v, causal, chunk: chunk, featureMap: map.Queries, keyMap: map.Keys).Output.MoveToOuterDisposeScope();
    }

    /// <summary>The attention matrix.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="horizon">M, at least the number of places; that number when null.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(Tensor q, Tensor k, bool causal = false, int? horizon = null, IReadOnlyList<int>? rows = null)
    {
        Arguments.Qk(q, k);
        using var scope = NewDisposeScope();
        var map = Map(q, k, causal, horizon);
        return LinearAttention.Weights(map.Queries(q.Widen()), map.Keys(k.Widen()), causal, rows, features => features).MoveToOuterDisposeScope();
    }

    /// <summary>M of a call that names none, and the place of its first query.</summary>
    internal static (long Horizon, long First) Places(long queries, long keys, bool causal) =>
        causal ? (keys, keys - queries) : (Math.Max(queries, keys), 0);

    private static FeatureMap Map(Tensor q, Tensor k, bool causal, int? horizon)
    {
        var (places, first) = Places(q.size(2), k.size(2), causal);
        if (horizon < places)
            Arguments.Fail(nameof(horizon), $"{horizon}", $"at least {places}, the number of places");
        var angle = Math.PI / 2 / (horizon ?? places);
        return new(x => Features(x, first, angle), x => Features(x, 0, angle), dim => 2 * dim);
    }

    private static Tensor Features(Tensor x, long first, double angle)
    {
        using var scope = NewDisposeScope();
        var angles = ((arange(x.size(2), ScalarType.Float64, x.device) + first) * angle).unsqueeze(-1);
        var positive = nn.functional.relu(x);
        return cat([positive * angles.cos().to(x.dtype), positive * angles.sin().to(x.dtype)], -1).MoveToOuterDisposeScope();
    }
}
