using static TorchSharp.torch;

namespace Attn.Theory.EntropyBounds;

/// <summary>Rows of logits of mean 0 and length 1, to try a bound of entropy on: times σ they are of length σ.</summary>
public static class RowFamilies
{
    /// <summary>All rows of two values, up to their order: k logits high and the others low, for k = 1 … T − 1. The first is the worst row.</summary>
    /// <param name="tokens">T, at least 2.</param>
    /// <returns><c>[T−1,T]</c>, float64.</returns>
    /// <exception cref="ArgumentException">Fewer than two tokens.</exception>
    public static Tensor TwoValued(int tokens)
    {
        AtLeastTwo(tokens);
        using var scope = NewDisposeScope();
        var high = arange(1, tokens, ScalarType.Float64).unsqueeze(1);
        var place = arange(tokens, ScalarType.Float64).unsqueeze(0);
        return Unit(where(place < high, (tokens - high).expand(-1, tokens), (-high).expand(-1, tokens))).MoveToOuterDisposeScope();
    }

    /// <summary>Random rows, from Gaussian ones to a few large logits among small ones.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="tokens">T, at least 2.</param>
    /// <param name="generator">The source of the draw.</param>
    /// <returns><c>[rows,T]</c>, float64.</returns>
    /// <exception cref="ArgumentException">No rows, or fewer than two tokens.</exception>
    public static Tensor Peaked(int rows, int tokens, Generator generator)
    {
        if (rows < 1)
            throw new ArgumentException($"rows: got {rows}, needs at least 1.", nameof(rows));
        AtLeastTwo(tokens);
        ArgumentNullException.ThrowIfNull(generator);
        using var scope = NewDisposeScope();
        var draw = randn([rows, tokens], ScalarType.Float64, generator: generator);
        var peaks = draw * draw.abs().pow(4 * rand([rows, 1], ScalarType.Float64, generator: generator));
        return Unit(peaks - peaks.mean([-1], true)).MoveToOuterDisposeScope();
    }

    private static Tensor Unit(Tensor rows) => rows / linalg.vector_norm(rows, dims: [-1], keepdim: true);

    private static void AtLeastTwo(int tokens)
    {
        if (tokens < 2)
            throw new ArgumentException($"tokens: got {tokens}, needs at least 2.", nameof(tokens));
    }
}
