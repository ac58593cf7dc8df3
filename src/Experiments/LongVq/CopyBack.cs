namespace Attn.Experiments;

/// <summary>Random symbols; at each place the one three back is to be told.</summary>
public static class CopyBack
{
    /// <summary>Symbols, from 0.</summary>
    public const int Vocabulary = 24;

    /// <summary>Tokens of a sequence.</summary>
    public const int Length = 32;

    private const int Back = 3;

    /// <summary>Draws sequences.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="random">The source of the draw.</param>
    /// <exception cref="ArgumentException">Fewer than one.</exception>
    public static SequenceBatch Sample(int batch, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (batch < 1)
            throw new ArgumentException($"batch: got {batch}, needs at least 1.", nameof(batch));
        var (inputs, targets) = (new long[batch, Length], new long[batch, Length]);
        for (var b = 0; b < batch; b++)
            for (var t = 0; t < Length; t++)
                (inputs[b, t], targets[b, t]) = (random.Next(Vocabulary), t < Back ? SequenceBatch.NoTarget : inputs[b, t - Back]);
        return SequenceBatch.Of(inputs, targets);
    }
}
