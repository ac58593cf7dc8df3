using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>Draws the weights of models, float64, in the order asked for.</summary>
internal sealed class WeightDraw(long seed)
{
    private readonly Generator _generator = new((ulong)seed, CPU);

    /// <summary>Standard normal over √columns, so that a unit of input gives a unit of output: <c>[rows,columns]</c>.</summary>
    public Tensor Map(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        return (Normal(rows, columns) / Math.Sqrt(columns)).MoveToOuterDisposeScope();
    }

    /// <summary>Standard normal.</summary>
    public Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64, generator: _generator);

    /// <summary>Uniform between two numbers.</summary>
    public Tensor Uniform(double low, double high, params long[] shape)
    {
        using var scope = NewDisposeScope();
        return (low + (high - low) * rand(shape, ScalarType.Float64, generator: _generator)).MoveToOuterDisposeScope();
    }
}
