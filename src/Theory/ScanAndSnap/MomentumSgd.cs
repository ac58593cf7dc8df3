using System.Numerics.Tensors;
using Attn.Theory.Numerics;

namespace Attn.Theory.ScanAndSnap;

internal sealed class MomentumSgd(int size, double rate, double momentum) : UpdateRule
{
    private readonly double[] _velocity = momentum > 0 ? new double[size] : [];

    public override void Apply(Span<double> parameters, ReadOnlySpan<double> gradient, int start, int step)
    {
        if (_velocity.Length == 0)
        {
            Sums.Add(gradient, rate, parameters);
            return;
        }

        var velocity = _velocity.AsSpan(start, gradient.Length);
        TensorPrimitives.Multiply(velocity, momentum, velocity);
        TensorPrimitives.Add(velocity, gradient, velocity);
        Sums.Add(velocity, rate, parameters);
    }
}
