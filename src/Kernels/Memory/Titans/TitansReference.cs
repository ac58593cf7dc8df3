using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The matrix memory of Titans as the paper writes it, M [Dv,D] on the left of columns k, v and q.</summary>
internal static class TitansReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v) = (inputs.Q, inputs.K, inputs.V);
        var dim = k.size(3);
        var state = inputs.InitialState ?? zeros([q.size(0), q.size(1), 2 * dim, v.size(3)], q.dtype, q.device);
        var (M, S) = (state.narrow(2, 0, dim).transpose(2, 3), state.narrow(2, dim, dim).transpose(2, 3));
        var outputs = new List<Tensor>();
        for (var t = 0L; t < q.size(2); t++)
        {
            Tensor Column(Tensor x) => x.narrow(2, t, 1).transpose(2, 3);
            Tensor Unit(Tensor x) => x / x.square().sum(2, keepdim: true).sqrt();
            var (key, query, value) = (Unit(Column(k)), Unit(Column(q)), Column(v));
            var (theta, eta, alpha) = (Column(inputs.Tensor("step")), Column(inputs.Tensor("momentum")), Column(inputs.Tensor("forget")));
            var surprise = 2 * (M.matmul(key) - value) * key.transpose(2, 3);
            S = eta * S - theta * surprise;
            M = (1 - alpha) * M + S;
            outputs.Add(M.matmul(query).transpose(2, 3));
        }
        return new(cat(outputs, 2), cat([M.transpose(2, 3), S.transpose(2, 3)], 2));
    }
}
