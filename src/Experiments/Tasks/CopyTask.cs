namespace Attn.Experiments;

/// <summary>
/// Symbols to remember, a gap of blanks, a signal, and then the symbols again: what stands after the signal is to be told, symbol by symbol. A
/// memory must hold all of them across the gap; chance is one in <see cref="Symbols"/>.
/// </summary>
public static class CopyTask
{
    /// <summary>Symbol ids, from 0.</summary>
    public const int Symbols = 16;

    /// <summary>The id that fills the gap.</summary>
    public const int Blank = Symbols;

    /// <summary>The id of the signal.</summary>
    public const int Signal = Symbols + 1;

    /// <summary>Token ids: the symbols, the blank and the signal.</summary>
    public const int Vocabulary = Symbols + 2;

    /// <summary>T of a sequence: the symbols, the gap, the signal, and all symbols but the last again.</summary>
    /// <param name="symbols">n, symbols to copy.</param>
    /// <param name="gap">Blanks.</param>
    public static int Length(int symbols, int gap) => 2 * symbols + gap;

    /// <summary>Draws sequences. The n last places have targets, from the signal on.</summary>
    /// <param name="batch">B, how many.</param>
    /// <param name="symbols">n, symbols to copy.</param>
    /// <param name="gap">Blanks between the symbols and the signal; may be 0.</param>
    /// <param name="random">The source of the draw.</param>
    /// <returns>Tokens and targets, <c>[B,2n+gap]</c>.</returns>
    /// <exception cref="ArgumentException">No sequence, no symbol, or a negative gap.</exception>
    public static SequenceBatch Sample(int batch, int symbols, int gap, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var (size, name, least) in new[] { (batch, nameof(batch), 1), (symbols, nameof(symbols), 1), (gap, nameof(gap), 0) })
            if (size < least)
                throw new ArgumentException($"{name}: got {size}, needs at least {least}.", name);
        var length = Length(symbols, gap);
        var signal = symbols + gap;
        var (inputs, targets) = (new long[batch, length], new long[batch, length]);
        for (var b = 0; b < batch; b++)
            for (var t = 0; t < length; t++)
            {
                inputs[b, t] = t < symbols ? random.Next(Symbols) : t < signal ? Blank : t == signal ? Signal : inputs[b, t - signal - 1];
                targets[b, t] = t < signal ? SequenceBatch.NoTarget : inputs[b, t - signal];
            }

        return SequenceBatch.Of(inputs, targets);
    }
}
