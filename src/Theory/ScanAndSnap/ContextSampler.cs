using Attn.Theory.Numerics;

namespace Attn.Theory.ScanAndSnap;

/// <summary>Draws batches of finite contexts: a class uniformly, then multinomial counts from its distribution.</summary>
public sealed class ContextSampler
{
    private readonly SequenceClasses _classes;
    private readonly AliasTable[] _tables;
    private readonly int[][] _tokens;
    private readonly double[][] _counts;
    private readonly Xoshiro256 _random;
    private readonly bool _shuffleTargets;
    private readonly int _contextLength;

    /// <summary>A sampler whose batches are fixed by <paramref name="seed"/>.</summary>
    /// <param name="classes">The data.</param>
    /// <param name="batch">B, samples a batch.</param>
    /// <param name="contextLength">T − 1, tokens a context.</param>
    /// <param name="seed">Fixes every draw.</param>
    /// <param name="shuffleTargets">Whether the token to predict comes from another, independently drawn class: a control in which
    /// contexts tell nothing about it.</param>
    /// <exception cref="ArgumentException">A batch or length below 1.</exception>
    public ContextSampler(SequenceClasses classes, int batch, int contextLength, long seed, bool shuffleTargets = false)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (batch < 1)
            throw new ArgumentException($"batch: got {batch}, needs at least 1.", nameof(batch));
        if (contextLength < 1)
            throw new ArgumentException($"contextLength: got {contextLength}, needs at least 1.", nameof(contextLength));

        (_classes, _contextLength, _shuffleTargets, _random) = (classes, contextLength, shuffleTargets, new(seed));
        _tables = [.. classes.Classes.Select(c => new AliasTable([.. c.Probabilities]))];
        _tokens = [.. classes.Classes.Select(c => c.Tokens.ToArray())];
        var widest = _tokens.Max(tokens => tokens.Length);
        _counts = [.. Enumerable.Range(0, batch).Select(_ => new double[widest])];
    }

    /// <summary>Draws the next batch. The counts live in buffers that the next call overwrites.</summary>
    public IEnumerable<ContextSample> Next()
    {
        foreach (var counts in _counts)
        {
            var n = _random.NextIndex(_classes.Count);
            var (_, _, query, next) = _classes.Classes[n];
            Array.Clear(counts);
            for (var i = 0; i < _contextLength; i++)
                counts[_tables[n].Draw(_random)]++;
            yield return new(_tokens[n], counts, query, _shuffleTargets ? _classes.Classes[_random.NextIndex(_classes.Count)].Next : next);
        }
    }

    /// <summary>Contexts of infinite length: one sample a class, with P(l|n) for counts.</summary>
    public static IReadOnlyList<ContextSample> Population(SequenceClasses classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return [.. classes.Classes.Select(c => new ContextSample([.. c.Tokens], [.. c.Probabilities], c.Query, c.Next))];
    }
}
