using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Which keys a query may see under causal attention, aligned at the ends (bottom right): query i sees keys up to i + Tk − Tq.</summary>
internal static class Visibility
{
    /// <summary>How many keys query <paramref name="query"/> sees; zero or less when it sees none.</summary>
    public static long Keys(long query, long queries, long keys) => query + keys - queries + 1;

    /// <summary>The boolean mask <c>[rows,Tk]</c>, true where seen; all query rows, or the chosen ones.</summary>
    public static Tensor Causal(long queries, long keys, Device device, IReadOnlyList<int>? rows = null)
    {
        using var scope = NewDisposeScope();
        return (arange(keys, ScalarType.Int64, device).unsqueeze(0) < Counts(queries, keys, device, rows)).MoveToOuterDisposeScope();
    }

    /// <summary>How many keys each row of <see cref="Causal"/> sees, <c>[rows,1]</c>, int64; at most 0 where it sees none.</summary>
    public static Tensor Counts(long queries, long keys, Device device, IReadOnlyList<int>? rows = null)
    {
        using var scope = NewDisposeScope();
        var query = rows is null ? arange(queries, ScalarType.Int64, device) : tensor(rows.Select(row => (long)row).ToArray(), device: device);
        return (query + Keys(0, queries, keys)).unsqueeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>The number of query-key pairs that are scored, for cost formulas.</summary>
    public static double Pairs(AttentionShape shape, bool causal)
    {
        if (!causal)
            return (double)shape.QueryLength * shape.KeyLength;
        var pairs = 0.0;
        for (var query = 0; query < shape.QueryLength; query++)
            pairs += Math.Max(0, Keys(query, shape.QueryLength, shape.KeyLength));
        return pairs;
    }
}
