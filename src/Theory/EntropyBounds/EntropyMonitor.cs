using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.EntropyBounds;

/// <summary>
/// Entropy by head and its lower bound, of logits, of queries and keys, or of a pattern: what tells a head that collapses (Zhai et al. 2023,
/// arXiv 2303.06296, §3). The bound is that of <see cref="EntropyBound.Rows"/>, from each row's own length.
/// </summary>
/// <remarks>A row that sees one key has entropy 0 whatever its logit; such rows do not count. All is computed in float64.</remarks>
public static class EntropyMonitor
{
    /// <summary>Of logits as the softmax gets them.</summary>
    /// <param name="logits"><c>[…,H,Tq,Tk]</c>, or <c>[Tq,Tk]</c> of one head; −∞ where a key is masked.</param>
    /// <returns>One item a head.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
    public static IReadOnlyList<HeadReading> OfLogits(Tensor logits)
    {
        Matrices(logits, nameof(logits));
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return [.. Heads(logits.to(ScalarType.Float64)).Select((head, number) => Read(head, number, logitsAreGiven: true))];
    }

    /// <summary>Of softmax attention of queries and keys.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="causal">Whether query i sees keys up to i + Tk − Tq alone.</param>
    /// <param name="scale">Factor on q·k; 1/√D when null.</param>
    /// <returns>One item a head.</returns>
    /// <exception cref="ArgumentException">Shapes that do not fit, or a scale that is not positive.</exception>
    public static IReadOnlyList<HeadReading> OfQueries(Tensor q, Tensor k, bool causal = false, double? scale = null)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return OfLogits(Softmax.Logits(q.to(ScalarType.Float64), k.to(ScalarType.Float64), causal, scale));
    }

    /// <summary>
    /// Of a pattern, of whatever mechanism: shares |w| of a row are the softmax of their logarithms, over the keys whose share is not 0.
    /// </summary>
    /// <param name="weights"><c>[…,H,Tq,Tk]</c>, or <c>[Tq,Tk]</c> of one head; 0 where a key is masked.</param>
    /// <returns>One item a head, without a largest logit.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
    public static IReadOnlyList<HeadReading> OfWeights(Tensor weights)
    {
        Matrices(weights, nameof(weights));
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var logits = weights.to(ScalarType.Float64).abs().log();
        return [.. Heads(logits).Select((head, number) => Read(head, number, logitsAreGiven: false))];
    }

    private static IEnumerable<Tensor> Heads(Tensor matrices)
    {
        var heads = matrices.dim() == 2 ? matrices.unsqueeze(0) : matrices;
        return Enumerable.Range(0, (int)heads.size(-3)).Select(head => heads.select(-3, head));
    }

    private static HeadReading Read(Tensor logits, int head, bool logitsAreGiven)
    {
        using var scope = NewDisposeScope();
        var visible = logits.isneginf().logical_not();
        var rows = logits.flatten(0, -2)[(visible.sum(-1) >= 2).flatten()];
        if (rows.size(0) == 0)
            return new(head, 0, 0, 0, 0, 0, logitsAreGiven ? 0 : null, 0);
        var entropy = PatternStatistics.Entropy(rows.softmax(-1));
        var bound = EntropyBound.Rows(rows);
        double? largest = logitsAreGiven ? rows.masked_fill(rows.isneginf(), 0).abs().max().item<double>() : null;
        return new(
            head, Value(entropy.mean()), Value(entropy.min()), Value(bound.mean()), Value((entropy - bound).min()),
            Value(EntropyBound.RowNorms(rows).max()), largest, rows.size(0));
    }

    private static void Matrices(Tensor tensor, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.dim() < 2)
            throw new ArgumentException($"{name}: got rank {tensor.dim()}, needs […,H,Tq,Tk].", name);
    }

    private static double Value(Tensor scalar) => scalar.item<double>();
}
