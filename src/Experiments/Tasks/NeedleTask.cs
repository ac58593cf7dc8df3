namespace Attn.Experiments;

/// <summary>
/// A needle in a haystack: random symbols, among them one mark with the symbol to remember after it, and a question at the end that asks for
/// that symbol. Where the needle lies can be chosen, and so can the length be larger at test than in training; chance is one in <see cref="Symbols"/>.
/// </summary>
public static class NeedleTask
{
    /// <summary>Symbol ids, from 0: of the haystack, and of answers.</summary>
    public const int Symbols = 32;

    /// <summary>The id of the mark before the symbol to remember.</summary>
    public const int Mark = Symbols;

    /// <summary>The id of the question, the last token.</summary>
    public const int Question = Symbols + 1;

    /// <summary>Token ids: the symbols, the mark and the question.</summary>
    public const int Vocabulary = Symbols + 2;

    /// <summary>Draws sequences. The last place alone has a target.</summary>
    /// <param name="batch">B, how many.</param>
    /// <param name="length">T, tokens of each, at least 3.</param>
    /// <param name="random">The source of the draw.</param>
    /// <param name="depth">Where the needle lies, from 0 (the start) to 1 (right before the question); anywhere when null.</param>
    /// <returns>Tokens and targets, <c>[B,T]</c>, and the place of each sequence's mark.</returns>
    /// <exception cref="ArgumentException">No sequence, fewer than three tokens, or a depth out of range.</exception>
    public static (SequenceBatch Batch, int[] Marks) Sample(int batch, int length, Random random, double? depth = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var (size, name, least) in new[] { (batch, nameof(batch), 1), (length, nameof(length), 3) })
            if (size < least)
                throw new ArgumentException($"{name}: got {size}, needs at least {least}.", name);
        if (depth is not (null or (>= 0 and <= 1)))
            throw new ArgumentException($"depth: got {depth}, needs a number from 0 to 1.", nameof(depth));
        var (inputs, targets, marks) = (new long[batch, length], new long[batch, length], new int[batch]);
        var last = length - 3; // The mark, its symbol and the question stand there at the latest.
        for (var b = 0; b < batch; b++)
        {
            for (var t = 0; t < length; t++)
                (inputs[b, t], targets[b, t]) = (random.Next(Symbols), SequenceBatch.NoTarget);
            var mark = depth is { } share ? (int)Math.Round(share * last) : random.Next(last + 1);
            (inputs[b, mark], inputs[b, length - 1], marks[b]) = (Mark, Question, mark);
            targets[b, length - 1] = inputs[b, mark + 1];
        }

        return (SequenceBatch.Of(inputs, targets), marks);
    }
}
