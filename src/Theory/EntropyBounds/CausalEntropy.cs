namespace Attn.Theory.EntropyBounds;

/// <summary>The largest entropies under a causal mask, where query i of T sees i keys. Nats.</summary>
public static class CausalEntropy
{
    /// <summary>The most that a row can have: ln i.</summary>
    /// <param name="row">i, from 1.</param>
    /// <exception cref="ArgumentException">A row below 1.</exception>
    public static double RowMaximum(int row) => row >= 1
        ? Math.Log(row)
        : throw new ArgumentException($"row: got {row}, needs at least 1.", nameof(row));

    /// <summary>The most that the mean over rows can have, (1/T) Σ ln i = (ln T!)/T: about ln T − 1, never ln T for T of 2 or more.</summary>
    /// <param name="tokens">T, at least 1.</param>
    /// <exception cref="ArgumentException">Fewer than one token.</exception>
    public static double MeanMaximum(int tokens) => tokens >= 1
        ? Enumerable.Range(1, tokens).Sum(RowMaximum) / tokens
        : throw new ArgumentException($"tokens: got {tokens}, needs at least 1.", nameof(tokens));
}
