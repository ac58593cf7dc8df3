using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Flow-Attention as the paper writes it: over all tokens at once, or causally, over one token after another.</summary>
internal static class FlowReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v, width) = (inputs.Q.sigmoid(), inputs.K.sigmoid(), inputs.V, inputs.V.size(3));
        var (length, features) = (k.size(2), k.size(3));
        var state = inputs.InitialState ?? zeros([q.size(0), q.size(1), features + 1, width + 4], v.dtype, v.device);
        Tensor Vector(int i) => state.narrow(2, 0, features).narrow(3, width + i, 1).transpose(-2, -1);
        Tensor Number(int i) => state.narrow(2, features, 1).narrow(3, width + i, 1);
        var (keys, queries, conservedKeys, conservedQueries) = (Vector(0), Vector(1), Vector(2), Vector(3));
        var (m, n, sum) = (Number(0), Number(1), state.narrow(2, 0, features).narrow(3, 0, width));
        var weight = inputs.InitialState is null ? zeros_like(m) : exp(Number(2));

        Tensor Take(Tensor q, Tensor k, Tensor v)
        {
            (m, n, keys, queries) = (m + k.size(2), n + q.size(2), keys + Total(k), queries + Total(q));
            var (incoming, outgoing) = (Dot(q, keys), Dot(k, queries));
            (conservedKeys, conservedQueries) = (conservedKeys + Total(k / outgoing * n), conservedQueries + Total(q / incoming * m));
            var (conservedIncoming, conservedOutgoing) = (Dot(q, conservedKeys) / m, Dot(k, conservedQueries) / m);
            weight = weight + Total(exp(conservedOutgoing));
            sum = sum + k.transpose(-2, -1).matmul(v * (exp(conservedOutgoing) / weight * m));
            return sigmoid(conservedIncoming) * (q / incoming).matmul(sum);
        }

        var output = inputs.Causal
            ? cat([.. Enumerable.Range(0, (int)length).Select(t => Take(q.narrow(2, t, 1), k.narrow(2, t, 1), v.narrow(2, t, 1)))], 2)
            : Take(q, k, v);
        var numbers = cat([zeros_like(sum.narrow(2, 0, 1)), m, n, log(weight), zeros_like(m)], 3);
        var columns = cat([keys, queries, conservedKeys, conservedQueries], 2).transpose(-2, -1);
        return new(output, cat([cat([sum, columns], 3), numbers], 2));
    }

    private static Tensor Total(Tensor x) => x.sum(2, keepdim: true);

    private static Tensor Dot(Tensor x, Tensor y) => ((x + FlowMeasure.Epsilon) * (y + FlowMeasure.Epsilon)).sum(-1, keepdim: true);
}
