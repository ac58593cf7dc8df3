namespace Attn.Kernels;

/// <summary>
/// How the decay from a key in one tile to a query in the next is split between the two. Query r of a tile (from 0) is multiplied by
/// λ^(r + QueryFirst), key r of a tile of m by λ^(m − 1 − r + KeyLast); right when the two add up to 1.
/// </summary>
/// <param name="QueryFirst">The exponent of a tile's first query.</param>
/// <param name="KeyLast">The exponent of a tile's last key.</param>
public readonly record struct TileConvention(int QueryFirst, int KeyLast)
{
    /// <summary>The paper's: Λ = diag(λ, …, λ^B) on queries, λ^B Λ^(−1) on keys; the state is the recurrence's.</summary>
    public static TileConvention Paper { get; } = new(1, 0);

    /// <summary>The released kernel's: queries from λ^0, keys down to λ^1; the stored state is λ times the recurrence's.</summary>
    public static TileConvention Kernel { get; } = new(0, 1);
}
