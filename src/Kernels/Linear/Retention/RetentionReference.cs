using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Retention as a sum over the past: every key is turned back by its distance and decayed by it, one query at a time.</summary>
internal static class RetentionReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v, length) = (inputs.Q, inputs.K, inputs.V, inputs.Q.size(2));
        var logDecay = inputs.Tensor(DecayRows.PerHead.Name);
        var initial = inputs.InitialState ?? zeros([q.size(0), q.size(1), q.size(3), v.size(3)], q.dtype, q.device);
        var scale = 1 / Math.Sqrt(q.size(3));
        var outputs = new List<Tensor>();
        Tensor? state = null;
        for (var t = 0L; t < length; t++)
        {
            var distance = t - arange(t + 1, ScalarType.Float64, q.device);
            var keys = Back(k.narrow(2, 0, t + 1), distance) * exp(logDecay * distance.to(q.dtype).unsqueeze(-1));
            var carried = Back(initial.transpose(-2, -1), full([1], (double)(t + 1), device: q.device)).transpose(-2, -1) * exp(logDecay * (t + 1));
            state = carried + (keys.unsqueeze(-1) * v.narrow(2, 0, t + 1).unsqueeze(-2)).sum(2);
            outputs.Add(scale * q.narrow(2, t, 1).matmul(state));
        }
        return new(cat(outputs, 2), state);
    }

    /// <summary>x_{2j} + i·x_{2j+1} times e^{−iθ_j·distance}.</summary>
    private static Tensor Back(Tensor x, Tensor distance)
    {
        var dim = x.size(-1);
        var channels = new List<Tensor>();
        for (var j = 0L; j < dim / 2; j++)
        {
            var angle = distance.to(ScalarType.Float64).unsqueeze(-1) * Math.Pow(10000, -2.0 * j / dim);
            var (cos, sin) = (angle.cos().to(x.dtype), angle.sin().to(x.dtype));
            var (real, imaginary) = (x.narrow(-1, 2 * j, 1), x.narrow(-1, 2 * j + 1, 1));
            channels.Add(real * cos + imaginary * sin);
            channels.Add(imaginary * cos - real * sin);
        }
        if (dim % 2 == 1)
            channels.Add(x.narrow(-1, dim - 1, 1));
        return cat(channels, -1);
    }
}
