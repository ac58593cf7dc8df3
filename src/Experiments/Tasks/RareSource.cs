using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// Sequences of 48 noisy class prototypes of which one, at a random place, also bears a marker: the answer is its class, and all other tokens
/// are noise to whoever takes their mean. Prototypes and marker are rows of one random orthogonal matrix.
/// </summary>
public sealed class RareSource
{
    /// <summary>Classes; chance is one in so many.</summary>
    public const int Classes = 8;

    /// <summary>Tokens of a sequence.</summary>
    public const int Length = 48;

    /// <summary>Channels of a token.</summary>
    public const int Dim = 16;

    private const double PrototypeNorm = 4, Noise = 0.3;
    private readonly Tensor _prototypes, _marker;

    /// <summary>A task with its own prototypes.</summary>
    /// <param name="seed">Fixes them.</param>
    /// <param name="markerNorm">How far the marker moves a token; prototypes have norm 4.</param>
    /// <exception cref="ArgumentException">A norm that is not positive.</exception>
    public RareSource(int seed, double markerNorm = 2.4)
    {
        if (!(markerNorm > 0))
            throw new ArgumentException($"markerNorm: got {markerNorm}, needs a number above 0.", nameof(markerNorm));
        using var generator = new Generator((ulong)seed, CPU);
        using var scope = NewDisposeScope();
        var (orthogonal, _) = linalg.qr(randn([Dim, Dim], ScalarType.Float64, generator: generator));
        var rows = orthogonal.to(ScalarType.Float32);
        _prototypes = (PrototypeNorm * rows.narrow(0, 0, Classes)).MoveToOuterDisposeScope();
        _marker = (markerNorm * rows[Classes]).MoveToOuterDisposeScope();
    }

    /// <summary>Draws sequences.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="random">The source of the draw.</param>
    /// <returns>Tokens <c>[B,48,16]</c>, float32, and the class of the marked one, <c>[B]</c>, int64.</returns>
    /// <exception cref="ArgumentException">Fewer than one sequence.</exception>
    public (Tensor Tokens, Tensor Answers) Sample(int batch, Random random)
    {
        if (batch < 1)
            throw new ArgumentException($"batch: got {batch}, needs at least 1.", nameof(batch));
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)random.NextInt64(), CPU);
        var classes = randint(Classes, [batch, Length], ScalarType.Int64, generator: generator);
        var marks = randint(Length, [batch, 1], ScalarType.Int64, generator: generator);
        var marked = nn.functional.one_hot(marks.squeeze(1), Length).unsqueeze(-1);
        var tokens = _prototypes.index_select(0, classes.flatten()).view(batch, Length, Dim) + marked * _marker
            + Noise * randn([batch, Length, Dim], generator: generator);
        return (tokens.MoveToOuterDisposeScope(), classes.gather(1, marks).squeeze(1).MoveToOuterDisposeScope());
    }
}
