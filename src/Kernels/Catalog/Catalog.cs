namespace Attn.Kernels;

/// <summary>Every mechanism there is, one row each: the only list.</summary>
public static class Catalog
{
    /// <summary>The rows, in order of their family and id.</summary>
    public static IReadOnlyList<AttentionMechanism> Rows { get; } =
    [
        SigmoidRow.Row,
        SoftplusRow.Row,
        SoftplusReweightedRow.Row,
        AgentRow.Row,
        BasedRow.Row,
        CosFormerRow.Row,
        FlowformerRow.Row,
        GatedLinearRow.Row,
        HedgehogRow.Row,
        InLineRow.Row,
        LightNetRow.Row,
        LightningRow.Row,
        LinearRow.Row,
        LinFusionRow.Row,
        LongVqRow.Row,
        PerformerRow.Row,
        RalaRow.Row,
        ReluRow.Row,
        RetentionRow.Row,
        SsdRow.Row,
        TransNormerRow.Row,
        TitansRow.Row,
        BlockSparseRow.Row,
        FlashAttentionRow.Row,
        LeanAttentionRow.Row,
        SlidingWindowRow.Row,
        SoftmaxRow.Row,
    ];

    /// <summary>The row with that id.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the closest ids.</exception>
    public static AttentionMechanism Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (Rows.FirstOrDefault(row => row.Id == id) is { } found)
            return found;
        var ids = Rows.Select(row => row.Id).ToArray();
        var closest = ClosestIds.To(id, ids);
        throw new ArgumentException(
            closest.Count > 0
                ? $"id: got '{id}', needs a mechanism's id; did you mean {string.Join(" or ", closest)}?"
                : $"id: got '{id}', needs one of {string.Join(", ", ids)}.",
            nameof(id));
    }
}
