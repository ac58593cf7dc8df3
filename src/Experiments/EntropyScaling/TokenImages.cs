using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// Images of N tokens with 16 channels: six tokens are the image's object, all others its background. An object keeps its six tokens however
/// many the image has.
/// </summary>
/// <param name="Clean">x₀, <c>[B,N,16]</c>; the object's tokens are the first six.</param>
/// <param name="Noisy">x₀ + σε, as <paramref name="Clean"/>.</param>
/// <param name="Level">The index of each image's σ in <see cref="Noises"/>, <c>[B]</c>, int64.</param>
public sealed record TokenImages(Tensor Clean, Tensor Noisy, Tensor Level)
{
    /// <summary>Channels.</summary>
    public const int Dim = 16;

    /// <summary>Tokens of the object.</summary>
    public const int Object = 6;

    /// <summary>The levels of noise, σ.</summary>
    public static IReadOnlyList<double> Noises { get; } = [0.6, 1.2];

    /// <summary>Draws images: two standard normal prototypes each, one of the two levels of noise.</summary>
    /// <param name="batch">B, at least 1.</param>
    /// <param name="tokens">N, more than 6.</param>
    /// <param name="generator">The source of the draw.</param>
    /// <exception cref="ArgumentException">A size out of range.</exception>
    public static TokenImages Sample(int batch, int tokens, Generator generator)
    {
        if (batch < 1)
            throw new ArgumentException($"batch: got {batch}, needs at least 1.", nameof(batch));
        if (tokens <= Object)
            throw new ArgumentException($"tokens: got {tokens}, needs more than the object's {Object}.", nameof(tokens));
        using var scope = NewDisposeScope();
        var prototypes = randn([batch, 2, Dim], generator: generator);
        Tensor Repeat(int which, int count) => prototypes.narrow(1, which, 1).expand(batch, count, Dim);
        var clean = cat([Repeat(0, Object), Repeat(1, tokens - Object)], 1);
        var level = randint(0, Noises.Count, [batch], ScalarType.Int64, generator: generator);
        var noise = tensor(Noises.Select(sigma => (float)sigma).ToArray()).index_select(0, level).view(batch, 1, 1);
        var noisy = clean + noise * randn([batch, tokens, Dim], generator: generator);
        return new(clean.MoveToOuterDisposeScope(), noisy.MoveToOuterDisposeScope(), level.MoveToOuterDisposeScope());
    }
}
