namespace Attn.Theory.IoComplexity;

/// <summary>Looks for the sizes at which a bound of <see cref="FlashTheorem"/> is tightest: they are integers, so it climbs by steps of them.</summary>
public static class WorstTraffic
{
    private const int LongestSequence = 1 << 20, WidestHead = 1 << 12, Patience = 300;

    /// <summary>Random N, d and M for which the theorem speaks, N and d evenly over orders of magnitude, M over those from d to Nd.</summary>
    /// <param name="random">Fixes them.</param>
    public static (int Length, int Dim, long SramElements) Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var (length, dim) = (Size(LongestSequence), Size(WidestHead));
        return (length, dim, (long)(dim * Math.Pow(length, random.NextDouble())));

        int Size(int most) => (int)Math.Round(Math.Pow(most, random.NextDouble()));
    }

    /// <summary>The largest value found, from a random start, of a function of N, d and M within the theorem.</summary>
    /// <param name="of">What is climbed, such as Algorithm 1's traffic over its bound.</param>
    /// <param name="seed">Fixes the start and the steps.</param>
    public static double Climb(Func<int, int, long, double> of, int seed)
    {
        ArgumentNullException.ThrowIfNull(of);
        var random = new Random(seed);
        var at = Draw(random);
        var best = of(at.Length, at.Dim, at.SramElements);
        for (var idle = 0; idle < Patience; idle++)
        {
            var length = (int)Math.Min(LongestSequence, Moved(at.Length));
            var dim = (int)Math.Min(WidestHead, Moved(at.Dim));
            var next = (length, dim, Math.Clamp(Moved(at.SramElements), dim, (long)length * dim));
            if (of(next.length, next.dim, next.Item3) is var value && value > best)
                (at, best, idle) = (next, value, 0);
        }

        return best;

        // As it is, by one, or by a factor.
        long Moved(long size) => Math.Max(1, random.Next(4) switch
        {
            0 => size,
            1 => size + random.Next(-1, 2),
            2 => size + (long)(size * 0.1 * (random.NextDouble() - 0.5)),
            _ => (long)(size * Math.Exp(2 * random.NextDouble() - 1)),
        });
    }
}
