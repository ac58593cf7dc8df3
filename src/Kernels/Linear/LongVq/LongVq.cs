using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// LongVQ's attention over the whole past at a constant cost a token: keys are replaced by the nearest of S codes, and a query scores codes,
/// not keys, o_t = Σ_c e^{q_t·C_c}U_c / Σ_c e^{q_t·C_c}n_c with U the sum of the values of each code and n their number; the last W keys
/// are scored one by one, with a bias for their distance, in the same softmax (arXiv 2404.11163). Causal self-attention, or noncausal
/// attention without a window.
/// </summary>
/// <remarks>
/// Shapes: <c>q, k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, one floating dtype; <c>codebook [B|1,H,S,D]</c> and
/// <c>windowBias [B|1,H,W,1]</c> (distances 0 to W − 1) in the dtype of q or in float32; state <c>[B,H,S+W−1,D+Dv+1]</c>. Scores are
/// float64, sums of half-precision inputs float32. A key's gradient passes straight through its code, for the queries that have it in their window; the
/// older ones see codes alone. Bad arguments give an <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class LongVq
{
    /// <summary>Chunk by chunk: scores of S codes and of the chunk with the window before it, O(T·(S + chunk + W)).</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="codebook">C, <c>[B|1,H,S,D]</c>.</param>
    /// <param name="windowBias">What is added to the scores of keys that are 0 … W − 1 tokens back, <c>[B|1,H,W,1]</c>.</param>
    /// <param name="initialState"><c>[B,H,S+W−1,D+Dv+1]</c>, as an earlier call returned it; nothing seen yet when null.</param>
    /// <param name="chunk">Tokens a chunk; the last one may be shorter.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>, and the state after the last token.</returns>
    public static AttentionOutput Chunked(
        Tensor q, Tensor k, Tensor v, Tensor codebook, Tensor windowBias, Tensor? initialState = null, int chunk = 64, double? scale = null)
    {
        Arguments.Positive(chunk, nameof(chunk));
        using var scope = NewDisposeScope();
        var x = LongVqOperands.Of(q, k, v, codebook, windowBias, initialState, scale);
        var memory = x.Memory;
        var outputs = new List<Tensor>();
        foreach (var ((queries, keys), values) in x.Q.split(chunk, 2).Zip(x.K.split(chunk, 2)).Zip(x.V.split(chunk, 2)))
        {
            var held = memory.With(keys, values);
            var codes = Codebook.Nearest(held.Keys, x.Codebook);
            outputs.Add(Read(held, Scores(queries, held, codes, x)));
            memory = held.Fold(queries.size(2), codes);
        }
        return new AttentionOutput(cat(outputs, 2).to(q.dtype), memory.ToState()).MoveOut();
    }

    /// <summary>One token after another: S + W scores each.</summary>
    /// <inheritdoc cref="Chunked"/>
    public static AttentionOutput Recurrent(
        Tensor q, Tensor k, Tensor v, Tensor codebook, Tensor windowBias, Tensor? initialState = null, double? scale = null) =>
        Chunked(q, k, v, codebook, windowBias, initialState, 1, scale);

    /// <summary>One decoding step: tensors with T = 1 and the state before it, whose size never grows.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    /// <inheritdoc cref="Chunked"/>
    public static AttentionOutput Step(
        Tensor q, Tensor k, Tensor v, Tensor codebook, Tensor windowBias, Tensor? initialState, double? scale = null) =>
        Recurrent(q, k, v, codebook, windowBias, initialState, scale);

    /// <summary>Every query sees every key, by its code alone: O((Tq + Tk)·S). Keys have no gradient.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="codebook">C, <c>[B|1,H,S,D]</c>.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Noncausal(Tensor q, Tensor k, Tensor v, Tensor codebook, double? scale = null)
    {
        Arguments.Qkv(q, k, v);
        Codebook.Check(codebook, k);
        using var scope = NewDisposeScope();
        var (keys, values, table) = (k.Widen(), v.Widen(), codebook.to(ScalarType.Float64).expand(q.size(0), -1, -1, -1));
        Tensor Empty(long columns) => zeros([q.size(0), q.size(1), table.size(2), columns], values.dtype, q.device);
        var all = new LongVqMemory(Empty(values.size(3)), Empty(1), keys, values, ones_like(values.narrow(3, 0, 1)))
            .Fold(k.size(2), Codebook.Nearest(keys, table));
        var scores = (q.to(ScalarType.Float64) * Arguments.Scale(scale, q.size(3))).matmul(table.transpose(2, 3)).masked_fill(Unused(all), double.NegativeInfinity);
        return Read(all, scores).to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The matrix P of O = PV; without an initial state. Keys of one code that are out of the window have the same weight.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="codebook">C, <c>[B|1,H,S,D]</c>.</param>
    /// <param name="windowBias"><c>[B|1,H,W,1]</c>.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <returns><c>[B,H,rows,T]</c>, float64 for float64 inputs, else float32; rows sum to one.</returns>
    public static Tensor Weights(
        Tensor q, Tensor k, Tensor codebook, Tensor windowBias, IReadOnlyList<int>? rows = null, double? scale = null)
    {
        using var scope = NewDisposeScope();
        var x = LongVqOperands.Of(q, k, k, codebook, windowBias, null, scale);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        var length = q.size(2);
        var place = rows is null ? arange(length, ScalarType.Int64, q.device) : tensor(rows.Select(row => (long)row).ToArray(), device: q.device);
        var back = place.unsqueeze(1) - arange(length, ScalarType.Int64, q.device);
        var quantised = Codebook.Look(x.Codebook, Codebook.Nearest(x.K, x.Codebook));
        return KeyScores(x.Q.Pick(rows), x.K, quantised, x.Bias, back).softmax(-1).to(x.V.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The scores of all codes, −∞ for unused ones, and then those of the keys held: of the chunk and of the window before it.</summary>
    private static Tensor Scores(Tensor queries, LongVqMemory held, Tensor codes, LongVqOperands x)
    {
        var (size, before) = (queries.size(2), held.Keys.size(2) - queries.size(2));
        var back = arange(before, before + size, ScalarType.Int64, queries.device).unsqueeze(1) - arange(before + size, ScalarType.Int64, queries.device);
        var ofKeys = KeyScores(queries, held.Keys, Codebook.Look(x.Codebook, codes), x.Bias, back)
            .masked_fill(held.Present.eq(0).transpose(2, 3), double.NegativeInfinity);
        var ofCodes = queries.matmul(x.Codebook.transpose(2, 3)).masked_fill(Unused(held), double.NegativeInfinity);
        return cat([ofCodes, ofKeys], 3);
    }

    /// <summary>Scores of single keys that are <paramref name="back"/> tokens back: with a bias in the window, −∞ for later ones.</summary>
    private static Tensor KeyScores(Tensor queries, Tensor keys, Tensor quantised, Tensor bias, Tensor back)
    {
        var window = bias.size(2);
        var near = queries.matmul(Codebook.StraightThrough(keys, quantised).transpose(2, 3))
            + bias.index_select(2, back.clamp(0, window - 1).flatten()).view([bias.size(0), bias.size(1), .. back.shape]);
        return near.where(back < window, queries.matmul(quantised.transpose(2, 3))).masked_fill(back < 0, double.NegativeInfinity);
    }

    /// <summary>One softmax over codes, each as often as it was used, and the keys that <paramref name="scores"/> holds besides.</summary>
    private static Tensor Read(LongVqMemory held, Tensor scores)
    {
        var weights = (scores - scores.amax([-1], keepdim: true).detach()).exp().to(held.Sums.dtype);
        var codes = held.Sums.size(2);
        var (numerator, denominator) = (weights.narrow(3, 0, codes).matmul(held.Sums), weights.narrow(3, 0, codes).matmul(held.Counts));
        if (scores.size(3) == codes)
            return numerator / denominator;
        var ofKeys = weights.narrow(3, codes, scores.size(3) - codes);
        return (numerator + ofKeys.matmul(held.Present * held.Values)) / (denominator + ofKeys.matmul(held.Present));
    }

    private static Tensor Unused(LongVqMemory memory) => memory.Counts.eq(0).transpose(2, 3);
}
