using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Softmax attention over chosen blocks of keys: O_i = Σ_j softmax_j(s·q_i·k_j)v_j over the j whose block the pattern keeps for the block
/// of i (Child et al. 2019; Beltagy et al. 2020; Zaheer et al. 2020). A query that sees no key gives a row of zeros.
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; scores and sums of half-precision inputs
/// are float32. Causal attention is aligned at the ends: query i stands at the place of key i + Tk − Tq; else both count from 0. Bad
/// arguments give an <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class BlockSparse
{
    /// <summary>
    /// Blocks of queries against the gathered blocks of keys they attend to: time and memory O(kept pairs), no T×T matrix, for autograd
    /// either. Blocks of queries with as many blocks of keys go in one product.
    /// </summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="pattern">Which blocks attend to which.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Gathered(Tensor q, Tensor k, Tensor v, BlockPattern pattern, bool causal = false, double? scale = null)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Arguments.Qkv(q, k, v);
        var factor = Arguments.Scale(scale, q.size(3));
        using var scope = NewDisposeScope();
        var (queries, keys) = (q.size(2), k.size(2));
        var layout = pattern.Layout(queries, keys, causal);
        var front = BlockPattern.First(queries, keys, causal) - layout[0].Query * pattern.Block;
        var query = Blocks(q.Widen() * factor, front, pattern.Block);
        var (key, value) = (Blocks(k.Widen(), 0, pattern.Block), Blocks(v.Widen(), 0, pattern.Block));

        var groups = Enumerable.Range(0, layout.Count).GroupBy(row => layout[row].Keys.Length).Select(rows => rows.ToArray()).ToArray();
        var outputs = groups.Select(rows => Attend(query, key, value, rows, layout, keys, causal));
        using var order = Index([.. groups.SelectMany(rows => rows).Select((row, at) => (row, at)).OrderBy(pair => pair.row).Select(pair => (long)pair.at)], q.device);
        var output = cat([.. outputs], 2).index_select(2, order).flatten(2, 3);
        return output.narrow(2, front, queries).to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The same with the whole score matrix in memory, and a mask over it.</summary>
    /// <inheritdoc cref="Gathered"/>
    public static Tensor Masked(Tensor q, Tensor k, Tensor v, BlockPattern pattern, bool causal = false, double? scale = null)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Arguments.Qkv(q, k, v);
        using var mask = pattern.Mask(q.size(2), k.size(2), causal, q.device);
        return Softmax.Plain(q, k, v, scale: scale, mask: mask);
    }

    /// <summary>The attention matrix, rows summing to one (to zero where a query sees no key).</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="pattern">Which blocks attend to which.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(
        Tensor q, Tensor k, BlockPattern pattern, bool causal = false, double? scale = null, IReadOnlyList<int>? rows = null)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Arguments.Qk(q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        var mask = pattern.Mask(q.size(2), k.size(2), causal, q.device, rows);
        return Softmax.Weights(q.Pick(rows), k, scale: scale, mask: mask).MoveToOuterDisposeScope();
    }

    /// <summary>Attention of blocks of queries that attend to as many blocks of keys each, <c>[B,H,rows,block,Dv]</c>.</summary>
    private static Tensor Attend(
        Tensor query, Tensor key, Tensor value, int[] rows, IReadOnlyList<(long Query, long[] Keys)> layout, long keys, bool causal)
    {
        var (block, count, device) = (query.size(3), layout[rows[0]].Keys.Length, query.device);
        if (count == 0)
            return zeros([query.size(0), query.size(1), rows.Length, block, value.size(4)], query.dtype, device);
        using var scope = NewDisposeScope();
        var columns = Index([.. rows.SelectMany(row => layout[row].Keys)], device);
        Tensor Gather(Tensor blocks) => blocks.index_select(2, columns).unflatten(2, [rows.Length, count]).flatten(3, 4);

        var within = arange(block, ScalarType.Int64, device);
        var keyPlace = (columns.unsqueeze(1) * block + within).reshape(rows.Length, 1, count * block);
        var queryPlace = (Index([.. rows.Select(row => layout[row].Query)], device).unsqueeze(1) * block + within).unsqueeze(-1);
        var hidden = (keyPlace >= keys).expand(rows.Length, block, count * block);
        if (causal)
            hidden = hidden | (keyPlace > queryPlace);

        var chosen = query.index_select(2, Index([.. rows.Select(row => (long)row)], device));
        var scores = chosen.matmul(Gather(key).transpose(-2, -1)).masked_fill(hidden, double.NegativeInfinity);
        return scores.softmax(-1).masked_fill(hidden, 0).matmul(Gather(value)).MoveToOuterDisposeScope();
    }

    /// <summary>Tokens cut into blocks, <c>[B,H,blocks,block,·]</c>, with zeros before the first and after the last.</summary>
    private static Tensor Blocks(Tensor tokens, long front, int block)
    {
        var back = (block - (front + tokens.size(2)) % block) % block;
        return nn.functional.pad(tokens, [0, 0, front, back]).unflatten(2, [-1, block]);
    }

    private static Tensor Index(long[] indices, Device device) => tensor(indices, device: device);
}
