namespace Attn.Theory.Numerics;

/// <summary>Draws from a finite distribution in constant time (Walker's alias method in Vose's form).</summary>
public sealed class AliasTable
{
    private readonly (long Threshold, int Alias)[] _columns; // A draw keeps its column when its 63-bit fraction is at most the threshold.

    /// <summary>A table for <paramref name="weights"/>, which need not sum to one.</summary>
    /// <exception cref="ArgumentException">No weight, a negative or not finite one, or none above zero.</exception>
    public AliasTable(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
            total += double.IsFinite(weight) && weight >= 0
                ? weight
                : throw new ArgumentException($"weights: got {weight}, needs finite numbers of at least 0.", nameof(weights));
        if (!(total > 0))
            throw new ArgumentException("weights: got none above 0, needs at least one.", nameof(weights));

        _columns = new (long, int)[weights.Length];
        Fill(weights, weights.Length / total);
    }

    /// <summary>The number of outcomes.</summary>
    public int Count => _columns.Length;

    /// <summary>One outcome, an index into the weights.</summary>
    public int Draw(Xoshiro256 random)
    {
        var column = (int)Math.BigMul(random.NextBits(), (ulong)_columns.Length, out var fraction);
        var (threshold, alias) = _columns[column];
        var mask = (int)((threshold - (long)(fraction >> 1)) >> 63); // No branch: a random one would be mispredicted half of the time.
        return column ^ ((column ^ alias) & mask);
    }

    private void Fill(ReadOnlySpan<double> weights, double scale)
    {
        var rest = new double[weights.Length];
        Stack<int> small = [], large = [];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] = weights[i] * scale;
            (rest[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (low, high) = (small.Pop(), large.Pop());
            _columns[low] = ((long)(rest[low] * long.MaxValue), high);
            rest[high] -= 1 - rest[low];
            (rest[high] < 1 ? small : large).Push(high);
        }

        // What remains differs from 1 by rounding only.
        foreach (var i in small.Concat(large))
            _columns[i] = (long.MaxValue, i);
    }
}
