using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// Tokens that are a direction times a strength, s·u: a feature that is there, more or less of it. What is to be told is how much.
/// </summary>
public sealed class FeatureStrength : IDisposable
{
    /// <summary>Classes of strength: 1, 2, 3 and 4.</summary>
    public const int Classes = 4;

    private readonly Tensor _directions;
    private readonly Generator _generator;

    /// <summary>A task with directions of its own.</summary>
    /// <param name="directions">How many directions there are, unit vectors drawn at random.</param>
    /// <param name="dim">Channels of a token.</param>
    /// <param name="seed">Fixes directions and draws.</param>
    public FeatureStrength(int directions, int dim, int seed)
    {
        _generator = new((ulong)seed, CPU);
        using var scope = NewDisposeScope();
        _directions = nn.functional.normalize(randn([directions, dim], generator: _generator)).MoveToOuterDisposeScope();
        _directions.DetachFromDisposeScope();
    }

    /// <summary>Tokens of a strength class, and the class, from 0.</summary>
    /// <param name="batch">B.</param>
    /// <param name="length">N.</param>
    /// <returns>Tokens <c>[B,N,d]</c>, float32, and classes <c>[B,N]</c>, int64.</returns>
    public (Tensor Tokens, Tensor Classes) Sample(int batch, int length)
    {
        using var scope = NewDisposeScope();
        var classes = randint(Classes, [batch, length], ScalarType.Int64, generator: _generator);
        var tokens = (classes + 1).unsqueeze(-1) * Directions(batch, length);
        return (tokens.MoveToOuterDisposeScope(), classes.MoveToOuterDisposeScope());
    }

    /// <summary>Tokens of any strength between 1 and 4, and the strength.</summary>
    /// <param name="batch">B.</param>
    /// <param name="length">N.</param>
    /// <returns>Tokens <c>[B,N,d]</c> and strengths <c>[B,N]</c>, float32.</returns>
    public (Tensor Tokens, Tensor Strengths) SampleUniform(int batch, int length)
    {
        using var scope = NewDisposeScope();
        var strengths = 1 + 3 * rand([batch, length], generator: _generator);
        var tokens = strengths.unsqueeze(-1) * Directions(batch, length);
        return (tokens.MoveToOuterDisposeScope(), strengths.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _directions.Dispose();
        _generator.Dispose();
    }

    private Tensor Directions(int batch, int length) =>
        _directions[randint(_directions.size(0), [batch, length], ScalarType.Int64, generator: _generator)];
}
