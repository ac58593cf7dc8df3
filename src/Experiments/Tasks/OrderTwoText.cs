namespace Attn.Experiments;

/// <summary>
/// Text in which the two last symbols tell the next one: a fixed random table, followed with probability 1 − noise; otherwise any symbol
/// comes, all alike.
/// </summary>
public sealed class OrderTwoText
{
    private readonly double _noise;
    private readonly int[,] _next;

    /// <param name="symbols">How many symbols there are.</param>
    /// <param name="noise">How often any symbol comes, from 0 to 1.</param>
    /// <param name="seed">Fixes the table, the same for training and test.</param>
    /// <exception cref="ArgumentException">Fewer than two symbols, or noise that is no probability.</exception>
    public OrderTwoText(int symbols = 16, double noise = 0.1, int seed = 7)
    {
        if (symbols < 2)
            throw new ArgumentException($"symbols: got {symbols}, needs at least 2.", nameof(symbols));
        if (!(noise >= 0 && noise <= 1))
            throw new ArgumentException($"noise: got {noise}, needs a number from 0 to 1.", nameof(noise));
        (Symbols, _noise) = (symbols, noise);
        var random = new Random(seed);
        _next = new int[symbols, symbols];
        for (var a = 0; a < symbols; a++)
            for (var b = 0; b < symbols; b++)
                _next[a, b] = random.Next(symbols);
    }

    /// <summary>How many symbols there are.</summary>
    public int Symbols { get; }

    /// <summary>The entropy of a symbol given the two before it, in nats: no model's loss is less.</summary>
    public double Floor
    {
        get
        {
            var other = _noise / Symbols;
            var likely = 1 - _noise + other;
            return -Term(likely) - (Symbols - 1) * Term(other);

            static double Term(double p) => p > 0 ? p * Math.Log(p) : 0;
        }
    }

    /// <summary>Draws sequences; every place from <paramref name="firstTarget"/> on has the next symbol as its target.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="length">T, symbols of each.</param>
    /// <param name="random">The source of the draw.</param>
    /// <param name="firstTarget">The first place that counts.</param>
    public SequenceBatch Sample(int batch, int length, Random random, int firstTarget = 0)
    {
        var (inputs, targets) = (new long[batch, length], new long[batch, length]);
        for (var b = 0; b < batch; b++)
        {
            var (before, last) = (random.Next(Symbols), random.Next(Symbols));
            for (var t = 0; t < length; t++)
            {
                inputs[b, t] = last;
                (before, last) = (last, random.NextDouble() < _noise ? random.Next(Symbols) : _next[before, last]);
                targets[b, t] = t < firstTarget ? SequenceBatch.NoTarget : last;
            }
        }

        return SequenceBatch.Of(inputs, targets);
    }
}
