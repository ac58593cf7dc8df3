namespace Attn.Theory.ScanAndSnap;

internal sealed class AdamRule(int size, double rate, double beta1, double beta2, double epsilon) : UpdateRule
{
    private readonly double[] _mean = new double[size];
    private readonly double[] _square = new double[size];

    public override void Apply(Span<double> parameters, ReadOnlySpan<double> gradient, int start, int step)
    {
        var (meanScale, squareScale) = (1 / (1 - Math.Pow(beta1, step)), 1 / (1 - Math.Pow(beta2, step)));
        for (var i = 0; i < gradient.Length; i++)
        {
            ref var mean = ref _mean[start + i];
            ref var square = ref _square[start + i];
            mean += (1 - beta1) * (gradient[i] - mean);
            square += (1 - beta2) * (gradient[i] * gradient[i] - square);
            parameters[i] += rate * mean * meanScale / (Math.Sqrt(square * squareScale) + epsilon);
        }
    }
}
