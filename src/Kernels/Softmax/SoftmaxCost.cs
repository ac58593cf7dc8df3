namespace Attn.Kernels;

/// <summary>Cost of exact softmax attention, shared by the rows that compute it.</summary>
internal static class SoftmaxCost
{
    /// <summary>Two matrix products over the visible pairs; scores that never leave the chip; a key-value cache as state.</summary>
    public static AttentionCost Fused(AttentionShape shape, bool causal)
    {
        var (keyDim, valueDim) = ((double)shape.KeyDim, (double)shape.ValueDim);
        var slices = (double)shape.Batch * shape.Heads;
        return new(
            Flops: slices * 2 * Visibility.Pairs(shape, causal) * (keyDim + valueDim),
            Elements: slices * (shape.QueryLength + shape.KeyLength) * (keyDim + valueDim),
            StateElements: slices * shape.KeyLength * (keyDim + valueDim));
    }
}
