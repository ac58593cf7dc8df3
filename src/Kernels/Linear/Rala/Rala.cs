using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Rank-augmented linear attention (Fan et al., CVPR 2025, arXiv 2411.07635): linear attention whose keys are first weighed by what one global
/// query thinks of them, α_j = N·softmax_j(q̄·κ(k_j)/√D), and whose output is multiplied, channel by channel, with a gate of each token:
/// y_i = gate_i ⊙ κ(q_i)B / (κ(q_i)·z), B = Σ α_j κ(k_j)ᵀv_j, z = Σ α_j κ(k_j), κ(x) = elu(x) + 1. Noncausal self-attention.
/// </summary>
/// <remarks>
/// Shapes: <c>q, k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, <c>gate [B,H,T,Dv]</c> (any sign, for the released layers have no activation on it), one
/// floating dtype; sums of half-precision inputs are float32. The denominator, as a mean over tokens, is at least 10⁻⁶ (the released code
/// adds as much to it), so that a query without features gives zeros and never NaN. Bad arguments give an <see cref="ArgumentException"/> that names the argument. All
/// methods are differentiable.
/// </remarks>
public static class Rala
{
    /// <summary>The least mean product in the denominator.</summary>
    public const double Floor = 1e-6;

    /// <summary>All keys in one product: O(T·D·Dv).</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="gate"><c>[B,H,T,Dv]</c>; ones when null.</param>
    /// <param name="global">What the global query is the mean of.</param>
    /// <param name="coordinates">
    /// <c>[T,axes]</c> of tokens on a grid, see <see cref="MdLrpe"/>: features are turned by them in the numerator, not in the denominator, as in
    /// the released code; rows then no longer sum to one. None when null.
    /// </param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Parallel(
        Tensor q, Tensor k, Tensor v, Tensor? gate = null, GlobalQuery global = GlobalQuery.MeanOfQueries, Tensor? coordinates = null)
    {
        using var scope = NewDisposeScope();
        var x = RalaOperands.Of(q, k, v, global, coordinates);
        return Finish(x, TokenMeans.Of(x.K, x.TurnedK, x.V, x.Logits.softmax(2)), q, v, gate).MoveToOuterDisposeScope();
    }

    /// <summary>The weighted means from chunk to chunk, their softmax rescaled on the way.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="gate"><c>[B,H,T,Dv]</c>; ones when null.</param>
    /// <param name="global">What the global query is the mean of.</param>
    /// <param name="coordinates">As in <see cref="Parallel"/>.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <inheritdoc cref="Parallel" path="/returns"/>
    public static Tensor Chunked(
        Tensor q, Tensor k, Tensor v, Tensor? gate = null, GlobalQuery global = GlobalQuery.MeanOfQueries, Tensor? coordinates = null, int chunk = 64)
    {
        Arguments.Positive(chunk, nameof(chunk));
        using var scope = NewDisposeScope();
        var x = RalaOperands.Of(q, k, v, global, coordinates);
        return Finish(x, x.MeansInChunks(chunk), q, v, gate).MoveToOuterDisposeScope();
    }

    /// <summary>α: how heavy each key is. Each head's sum is T.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="global">What the global query is the mean of.</param>
    /// <returns><c>[B,H,T]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Alpha(Tensor q, Tensor k, GlobalQuery global = GlobalQuery.MeanOfQueries)
    {
        using var scope = NewDisposeScope();
        return (RalaOperands.Of(q, k, k, global, null).Logits.squeeze(-1).softmax(2) * k.size(2)).MoveToOuterDisposeScope();
    }

    /// <summary>B = Σ α_j κ(k_j)ᵀv_j, which all queries read.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="global">What the global query is the mean of.</param>
    /// <returns><c>[B,H,D,Dv]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor KvBuffer(Tensor q, Tensor k, Tensor v, GlobalQuery global = GlobalQuery.MeanOfQueries)
    {
        using var scope = NewDisposeScope();
        var x = RalaOperands.Of(q, k, v, global, null);
        return (TokenMeans.Of(x.K, x.K, x.V, x.Logits.softmax(2)).Products * k.size(2)).MoveToOuterDisposeScope();
    }

    /// <summary>The matrix P of the output before the gate, PV.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <param name="global">What the global query is the mean of.</param>
    /// <param name="coordinates">As in <see cref="Parallel"/>.</param>
    /// <returns><c>[B,H,rows,T]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(
        Tensor q, Tensor k, IReadOnlyList<int>? rows = null, GlobalQuery global = GlobalQuery.MeanOfQueries, Tensor? coordinates = null)
    {
        using var scope = NewDisposeScope();
        var x = RalaOperands.Of(q, k, k, global, coordinates);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        var shares = x.Logits.softmax(2);
        var scores = x.TurnedQ.Pick(rows).matmul((x.TurnedK * shares).transpose(-2, -1));
        var sums = x.Q.Pick(rows).matmul((x.K * shares).sum(2).unsqueeze(-1));
        return (scores / sums.clamp_min(Floor)).MoveToOuterDisposeScope();
    }

    private static Tensor Finish(RalaOperands x, TokenMeans means, Tensor q, Tensor v, Tensor? gate)
    {
        var output = means.Read(x.Q, x.TurnedQ, Floor);
        if (gate is null)
            return output.to(q.dtype);
        Arguments.Shape(gate, nameof(gate), q, "[B,H,T,Dv]", v.shape);
        return (gate.to(output.dtype) * output).to(q.dtype);
    }
}
