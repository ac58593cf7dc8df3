using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Rows × shapes × dtypes × causality × state, as far as each row serves them.</summary>
internal static class Matrix
{
    private static readonly AttentionShape[] Shapes =
    [
        AttentionShape.Self(1, 1, 1, 8),
        AttentionShape.Self(2, 4, 63, 60),
        new(1, 2, 130, 130, 16, 24),
        new(2, 3, 5, 5, 8, 8),
        new(1, 2, 9, 31, 8, 5),
        new(1, 2, 31, 9, 8, 5),
        new(2, 1, 1, 70, 4, 4),
    ];

    private static readonly ScalarType[] Dtypes = [ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16];

    public static IEnumerable<Sample> All => Over(Shapes, Dtypes);

    /// <summary>A small odd self-attention shape in float64, for each causality and with each state that a row serves.</summary>
    public static IEnumerable<Sample> Small => Over([new(2, 3, 37, 37, 6, 5)], [ScalarType.Float64]);

    /// <summary>Every row at the given shapes and dtypes.</summary>
    public static IEnumerable<Sample> Over(IReadOnlyList<AttentionShape> shapes, IReadOnlyList<ScalarType> dtypes) =>
        from row in Catalog.Rows
        from shape in shapes
        from dtype in dtypes
        from causal in new[] { false, true }
        where row.Serves(shape, causal)
        from state in new[] { false, true }
        where !state || row.State is not null
        select new Sample(row.Id, shape, dtype, causal, state);
}
