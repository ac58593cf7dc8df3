using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Which blocks of keys each block of queries attends to. Blocks are counted by the places of their tokens, from 0.</summary>
/// <param name="Block">Tokens a block, of queries and of keys.</param>
/// <param name="Keeps">Whether a block of queries, the first argument, attends to a block of keys.</param>
public sealed record BlockPattern(int Block, Func<long, long, bool> Keeps)
{
    /// <summary>
    /// The pattern of Longformer and BigBird: blocks near by, the first blocks of all for everyone (and, noncausal, everything for those),
    /// and every <paramref name="stride"/>-th block, as in Sparse Transformers.
    /// </summary>
    /// <param name="block">Tokens a block.</param>
    /// <param name="window">Blocks to either side that are near.</param>
    /// <param name="global">How many blocks at the beginning are global.</param>
    /// <param name="stride">Blocks from one summary block to the next, the last of each stretch; none when 0.</param>
    /// <exception cref="ArgumentException">A block below 1, or another number below 0.</exception>
    public static BlockPattern LocalGlobalStrided(int block, int window, int global = 0, int stride = 0)
    {
        Arguments.Positive(block, nameof(block));
        foreach (var (number, name) in new[] { (window, nameof(window)), (global, nameof(global)), (stride, nameof(stride)) })
            if (number < 0)
                Arguments.Fail(name, $"{number}", "at least 0");
        return new(block, (query, key) =>
            Math.Abs(query - key) <= window || key < global || query < global || (stride > 0 && (key + 1) % stride == 0));
    }

    /// <summary>A pattern given as a table; blocks beyond it are not attended to.</summary>
    /// <param name="block">Tokens a block.</param>
    /// <param name="mask">Rows for blocks of queries, columns for blocks of keys.</param>
    /// <exception cref="ArgumentException">A block below 1.</exception>
    public static BlockPattern Of(int block, bool[,] mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        Arguments.Positive(block, nameof(block));
        return new(block, (query, key) => query < mask.GetLength(0) && key < mask.GetLength(1) && mask[query, key]);
    }

    /// <summary>The mask over scores that the pattern stands for, <c>[Tq,Tk]</c> or chosen rows of it, true where a query sees a key.</summary>
    /// <param name="queries">Tq.</param>
    /// <param name="keys">Tk.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place, with both aligned at their ends.</param>
    /// <param name="device">Where it is put; host memory when null.</param>
    /// <param name="rows">The query rows wanted; all when null.</param>
    public Tensor Mask(long queries, long keys, bool causal, Device? device = null, IReadOnlyList<int>? rows = null)
    {
        var chosen = rows ?? [.. Enumerable.Range(0, (int)queries)];
        var flags = new bool[chosen.Count, keys];
        for (var i = 0; i < chosen.Count; i++)
        {
            var place = chosen[i] + First(queries, keys, causal);
            for (var j = 0L; j < keys && place >= 0 && (!causal || j <= place); j++)
                flags[i, j] = Keeps(place / Block, j / Block);
        }
        using var scope = NewDisposeScope();
        return tensor(flags).to(device ?? CPU).MoveToOuterDisposeScope();
    }

    /// <summary>The place of the first query: before that of the first key where there are more queries than keys.</summary>
    internal static long First(long queries, long keys, bool causal) => causal ? keys - queries : 0;

    /// <summary>For each block of queries, in order, its number and the blocks of keys it attends to.</summary>
    internal IReadOnlyList<(long Query, long[] Keys)> Layout(long queries, long keys, bool causal)
    {
        var first = First(queries, keys, causal);
        var (start, end) = (FloorDivide(first), FloorDivide(first + queries - 1));
        var blocks = (keys + Block - 1) / Block;
        var rows = new List<(long, long[])>();
        for (var row = start; row <= end; row++)
            rows.Add((row, row < 0 ? [] : [.. LongRange(causal ? Math.Min(blocks, row + 1) : blocks).Where(column => Keeps(row, column))]));
        return rows;
    }

    private static IEnumerable<long> LongRange(long count) => Enumerable.Range(0, (int)count).Select(i => (long)i);

    private long FloorDivide(long place) => (long)Math.Floor((double)place / Block);
}
