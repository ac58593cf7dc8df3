using System.Numerics.Tensors;

namespace Attn.Theory.ScanAndSnap;

internal sealed class MomentumSgd(int size, double rate, double momentum) : UpdateRule
{
    private readonly double[] _velocity = momentum > 0 ? new double[size] : [];

    public override void Apply(Span<double> parameters, ReadOnlySpan<double> gradient, int start, int step)
    {
        if (_velocity.Length == 0)
        {
            TensorPrimitives.MultiplyAdd(gradient, rate, parameters, parameters);
            return;
        }

        var velocity = _velocity.AsSpan(start, gradient.Length);
        TensorPrimitives.MultiplyAdd(velocity, momentum, gradient, velocity);
        TensorPrimitives.MultiplyAdd(velocity, rate, parameters, parameters);
    }
}
