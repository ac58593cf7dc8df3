using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Smooth random fields on the unit square, sums of a few waves of low frequency, that can be looked at on a grid of any size.</summary>
public sealed class FourierFields
{
    /// <summary>Channels of a field.</summary>
    public const int Dim = 16;

    private readonly Tensor _rows, _columns, _phases, _amplitudes;

    /// <summary>Draws fields.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="seed">Fixes them.</param>
    /// <param name="waves">Waves of a field.</param>
    /// <param name="highest">The most turns of a wave over the square, along rows and along columns.</param>
    /// <exception cref="ArgumentException">A number below 1.</exception>
    public FourierFields(int batch, long seed, int waves = 12, int highest = 2)
    {
        foreach (var (size, name) in new[] { (batch, nameof(batch)), (waves, nameof(waves)), (highest, nameof(highest)) })
            if (size < 1)
                throw new ArgumentException($"{name}: got {size}, needs at least 1.", name);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Frequencies() => randint(-highest, highest + 1, [batch, waves, 1], generator: generator).to(ScalarType.Float32).DetachFromDisposeScope();
        (_rows, _columns) = (Frequencies(), Frequencies());
        _phases = (2 * Math.PI * rand([batch, waves, 1], generator: generator)).DetachFromDisposeScope();
        _amplitudes = (randn([batch, waves, Dim], generator: generator) * Math.Sqrt(2.0 / waves)).DetachFromDisposeScope();
    }

    /// <summary>The fields on a grid of side·side cells, row by row; the same fields whatever the side.</summary>
    /// <param name="side">Rows and columns.</param>
    /// <returns><c>[batch,side²,16]</c>, float32, of about unit variance.</returns>
    /// <exception cref="ArgumentException">Fewer than one row.</exception>
    public Tensor On(int side)
    {
        if (side < 1)
            throw new ArgumentException($"side: got {side}, needs at least 1.", nameof(side));
        using var scope = NewDisposeScope();
        var place = (arange(side, ScalarType.Float32) + 0.5) / side;
        var row = place.repeat_interleave(side);
        var column = place.repeat(side);
        var waves = (2 * Math.PI * (_rows * row + _columns * column) + _phases).cos();
        return waves.transpose(1, 2).matmul(_amplitudes).MoveToOuterDisposeScope();
    }
}
