using Attn.Kernels;

namespace Attn.Theory.IoComplexity;

/// <summary>
/// What slow memory sees of attention (Dao et al. 2022, 'FlashAttention', arXiv 2205.14135, Theorem 2 and Proposition 3), with constants: N tokens
/// of width d, fast memory of M elements, d ≤ M ≤ Nd. The paper has orders of magnitude alone; the constants are those of its loops, which
/// <see cref="IoModel"/> counts exactly, and both are approached.
/// </summary>
public static class FlashTheorem
{
    /// <summary>N²d²/M, the theorem's order.</summary>
    /// <param name="length">N.</param>
    /// <param name="dim">d.</param>
    /// <param name="sramElements">M.</param>
    /// <exception cref="ArgumentException">M outside d … Nd, where the theorem says nothing.</exception>
    public static double Order(int length, int dim, long sramElements)
    {
        foreach (var (size, name) in new[] { (length, nameof(length)), (dim, nameof(dim)) })
            if (size < 1)
                throw new ArgumentException($"{name}: got {size}, needs at least 1.", name);
        if (sramElements < dim || sramElements > (long)length * dim)
            throw new ArgumentException($"sramElements: got {sramElements}, needs d … Nd, {dim} … {(long)length * dim}.", nameof(sramElements));
        return (double)length * length * dim * dim / sramElements;
    }

    /// <summary>The least that Algorithm 1 moves, (3 + 4/d)·N²d²/M: near M = d it moves no more.</summary>
    /// <inheritdoc cref="Order"/>
    public static double AtLeast(int length, int dim, long sramElements) => (3 + 4.0 / dim) * Order(length, dim, sramElements);

    /// <summary>The most that Algorithm 1 moves, (17 + 20/d)·N²d²/M: at M a little below Nd, where it needs a fifth key block for its last rows.</summary>
    /// <inheritdoc cref="Order"/>
    public static double AtMost(int length, int dim, long sramElements) => (17 + 20.0 / dim) * Order(length, dim, sramElements);

    /// <summary>
    /// What every exact algorithm moves, 4Nd: Q, K and V in, the output out. At M = Nd this is the theorem's order, so that no algorithm is of a
    /// smaller one for all M (Proposition 3).
    /// </summary>
    /// <param name="length">N.</param>
    /// <param name="dim">d.</param>
    public static double Compulsory(int length, int dim) => 4.0 * length * dim;

    /// <summary>The fewest elements of fast memory with which Algorithm 1 moves less than standard attention; 3d² to 3d² + 4d where N is large.</summary>
    /// <param name="length">N.</param>
    /// <param name="dim">d.</param>
    /// <returns>Null where no memory suffices.</returns>
    public static long? LeastMemory(int length, int dim)
    {
        // Traffic falls with M in steps of 4d: the least is the first of a step.
        long low = 1, high = 4L * length * dim;
        if (IoModel.Flash(length, dim, high) >= IoModel.Standard(length, dim))
            return null;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = IoModel.Flash(length, dim, middle) < IoModel.Standard(length, dim) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
