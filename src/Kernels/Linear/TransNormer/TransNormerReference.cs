using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>TransNormerLLM's attention as a sum over the past: a product of channels, a cosine and a power of λ for every pair.</summary>
internal static class TransNormerReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v, length) = (inputs.Q, inputs.K, inputs.V, inputs.Q.size(2));
        var (logDecay, theta) = (inputs.Tensor(DecayRows.PerHead.Name), inputs.Tensor(TransNormerRow.Angles));
        var dim = q.size(3);
        var initial = inputs.InitialState ?? zeros([q.size(0), q.size(1), 2 * dim, v.size(3)], q.dtype, q.device);
        var outputs = new List<Tensor>();
        Tensor? state = null;
        for (var t = 0L; t < length; t++)
        {
            var distance = arange(t, -1, -1, ScalarType.Float64, q.device).unsqueeze(-1);
            var (cos, sin) = Angles(distance);
            var decayed = k.narrow(2, 0, t + 1) * exp(logDecay * distance.to(q.dtype));
            var values = v.narrow(2, 0, t + 1);
            var scores = (q.narrow(2, t, 1) * decayed * cos).sum(-1, keepdim: true);

            var (cosFar, sinFar) = Angles(full([1, 1], (double)(t + 1), device: q.device));
            var (even, odd) = (initial.narrow(2, 0, dim), initial.narrow(2, dim, dim));
            var kept = exp(logDecay * (t + 1)) * (even * cosFar.transpose(-2, -1) + odd * sinFar.transpose(-2, -1));
            var keptOdd = exp(logDecay * (t + 1)) * (odd * cosFar.transpose(-2, -1) - even * sinFar.transpose(-2, -1));
            outputs.Add((scores * values).sum(2, keepdim: true) + q.narrow(2, t, 1).matmul(kept));
            if (t == length - 1)
                state = cat([kept + Outer(decayed * cos, values), keptOdd - Outer(decayed * sin, values)], 2);
        }
        return new(cat(outputs, 2), state);

        (Tensor Cos, Tensor Sin) Angles(Tensor distance)
        {
            var angles = theta.to(ScalarType.Float64) * distance;
            return (angles.cos().to(q.dtype), angles.sin().to(q.dtype));
        }
    }

    private static Tensor Outer(Tensor keys, Tensor values) => (keys.unsqueeze(-1) * values.unsqueeze(-2)).sum(2);
}
