namespace Attn.Experiments;

/// <summary>
/// Text of two halves: a random walk in which every token has four possible successors, then the same walk again. The first half costs
/// about ln 4 nats a token at best; the second can be copied, by whoever looks half a sequence back.
/// </summary>
public sealed class BigramCopy
{
    private const int Successors = 4;
    private readonly int[,] _next;

    /// <param name="vocabulary">Token ids.</param>
    /// <param name="seed">Fixes the successors, the same for training and test.</param>
    /// <exception cref="ArgumentException">Fewer than two tokens.</exception>
    public BigramCopy(int vocabulary = 32, int seed = 7)
    {
        if (vocabulary < 2)
            throw new ArgumentException($"vocabulary: got {vocabulary}, needs at least 2.", nameof(vocabulary));
        Vocabulary = vocabulary;
        var random = new Random(seed);
        _next = new int[vocabulary, Successors];
        for (var token = 0; token < vocabulary; token++)
            for (var i = 0; i < Successors; i++)
                _next[token, i] = random.Next(vocabulary);
    }

    /// <summary>How many token ids there are.</summary>
    public int Vocabulary { get; }

    /// <summary>Draws sequences; every place has the next token as its target.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="length">T, tokens of each.</param>
    /// <param name="random">The source of the draw.</param>
    public SequenceBatch Sample(int batch, int length, Random random)
    {
        var (inputs, targets) = (new long[batch, length], new long[batch, length]);
        var half = (length + 1) / 2;
        var text = new int[length + 1];
        for (var b = 0; b < batch; b++)
        {
            text[0] = random.Next(Vocabulary);
            for (var t = 1; t <= length; t++)
                text[t] = t < half ? _next[text[t - 1], random.Next(Successors)] : text[t - half];
            for (var t = 0; t < length; t++)
                (inputs[b, t], targets[b, t]) = (text[t], text[t + 1]);
        }

        return SequenceBatch.Of(inputs, targets);
    }
}
