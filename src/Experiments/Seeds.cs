namespace Attn.Experiments;

/// <summary>Seeds for repeated runs, all fixed by one.</summary>
public static class Seeds
{
    /// <summary><paramref name="count"/> different seeds: <paramref name="seed"/> and the integers after it.</summary>
    /// <remarks>Neighbouring seeds are as good as any for generators that mix their seed, as all of this toolkit do.</remarks>
    /// <exception cref="ArgumentException">A count below 1, or seeds past the largest integer.</exception>
    public static int[] From(int seed, int count)
    {
        if (count < 1)
            throw new ArgumentException($"count: got {count}, needs at least 1.", nameof(count));
        if (seed > int.MaxValue - count + 1)
            throw new ArgumentException($"seed: got {seed}, needs at most {int.MaxValue - count + 1} for {count} seeds.", nameof(seed));
        return [.. Enumerable.Range(0, count).Select(i => seed + i)];
    }
}
