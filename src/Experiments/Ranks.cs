namespace Attn.Experiments;

/// <summary>Statistics of ranks.</summary>
public static class Ranks
{
    /// <summary>
    /// Spearman's ρ: the correlation of ranks, 1 where the one grows with the other, whatever the curve. Equal values share their mean rank; 0
    /// where all values of a side are equal.
    /// </summary>
    /// <param name="x">At least two numbers.</param>
    /// <param name="y">As many.</param>
    /// <exception cref="ArgumentException">They are not as many, or fewer than two.</exception>
    public static double Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count || x.Count < 2)
            throw new ArgumentException($"y: got {y.Count} values for {x.Count} of x, needs as many, and at least 2.", nameof(y));
        var middle = (x.Count - 1) / 2.0;
        var pairs = Of(x).Zip(Of(y), (a, b) => (X: a - middle, Y: b - middle)).ToArray();
        var size = Math.Sqrt(pairs.Sum(pair => pair.X * pair.X) * pairs.Sum(pair => pair.Y * pair.Y));
        return size == 0 ? 0 : pairs.Sum(pair => pair.X * pair.Y) / size;
    }

    /// <summary>The partial Spearman's ρ of <paramref name="x"/> and <paramref name="y"/>: what is left of their correlation when the ranks of
    /// <paramref name="given"/> explain what they can of both.</summary>
    /// <exception cref="ArgumentException">The lists are of different lengths or too short, or <paramref name="given"/> ranks as one of the others does.</exception>
    public static double Partial(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double> given)
    {
        var (xy, xg, yg) = (Spearman(x, y), Spearman(x, given), Spearman(y, given));
        var left = (1 - xg * xg) * (1 - yg * yg);
        return left > 1e-12
            ? (xy - xg * yg) / Math.Sqrt(left)
            : throw new ArgumentException("given: ranks as x or y does, needs values of its own.", nameof(given));
    }

    /// <summary>The rank of each value from 0 for the least; equal values share the mean of theirs.</summary>
    public static double[] Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (int first = 0, next; first < order.Length; first = next)
        {
            for (next = first + 1; next < order.Length && values[order[next]] == values[order[first]];)
                next++;
            for (var i = first; i < next; i++)
                ranks[order[i]] = (first + next - 1) / 2.0;
        }

        return ranks;
    }
}
