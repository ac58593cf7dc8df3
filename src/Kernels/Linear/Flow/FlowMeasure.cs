using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Measures the flows of a stretch of tokens: over all of it, or causally, over what came up to each token.</summary>
internal static class FlowMeasure
{
    /// <summary>Added to both factors of every dot product, so that no flow is 0.</summary>
    public const double Epsilon = 1e-6;

    /// <summary>The flows, and the state after the stretch but for its sum of values.</summary>
    /// <param name="q">φ(q) <c>[B,H,Tq,F]</c>.</param>
    /// <param name="k">φ(k) <c>[B,H,Tk,F]</c>.</param>
    /// <param name="causal">Whether sums run up to each token.</param>
    /// <param name="past">What came before.</param>
    /// <param name="options">Clamp, competition, allocation.</param>
    public static (FlowStats Stats, FlowState After) Of(Tensor q, Tensor k, bool causal, FlowState past, FlowOptions options)
    {
        Tensor Sum(Tensor x, Tensor? weights, Tensor? before)
        {
            // Over all tokens a product does, which makes nothing as large as x on the way.
            var sum = causal ? (weights is null ? x : x * weights).cumsum(2)
                : weights is null ? x.sum(2, keepdim: true) : weights.transpose(-2, -1).matmul(x);
            return before is null ? sum : before + sum;
        }
        Tensor Count(Tensor tokens, Tensor? before) => Sum(ones([1, 1, tokens.size(2), 1], tokens.dtype, tokens.device), null, before);

        var (sources, sinks) = (Count(k, past.Sources), Count(q, past.Sinks));
        var (keys, queries) = (Sum(k, null, past.Keys), Sum(q, null, past.Queries));
        var (incoming, outgoing) = (Dot(q, keys), Dot(k, queries));
        // The counts keep the sums of later tokens comparable with those of earlier ones; where nothing is causal they cancel.
        var keysPerOutgoing = Sum(k, sinks / outgoing, past.KeysPerOutgoing);
        var queriesPerIncoming = Sum(q, sources / incoming, past.QueriesPerIncoming);
        var (conservedIncoming, conservedOutgoing) = (Dot(q, keysPerOutgoing) / sources, Dot(k, queriesPerIncoming) / sources);

        var logits = options.Clamp ? conservedOutgoing.clamp(-1, 1) : conservedOutgoing;
        var logSum = LogSum(logits, causal, past.LogSum);
        var stats = new FlowStats(
            incoming, outgoing, conservedIncoming, conservedOutgoing,
            options.Competition ? (logits - logSum).exp() * sources : ones_like(logits),
            options.Allocation ? conservedIncoming.sigmoid() : ones_like(conservedIncoming));
        return (stats, new(Last(keys), Last(queries), Last(keysPerOutgoing), Last(queriesPerIncoming), Last(sources), Last(sinks), Last(logSum), null));
    }

    /// <summary>(x + ε)·(y + ε) of each token with its own y, or with the one there is for all.</summary>
    private static Tensor Dot(Tensor x, Tensor y)
    {
        var raised = y + Epsilon;
        return y.size(2) > 1
            ? ((x + Epsilon) * raised).sum(-1, keepdim: true)
            : x.matmul(raised.transpose(-2, -1)) + Epsilon * raised.sum(-1, keepdim: true);
    }

    private static Tensor Last(Tensor x) => x.narrow(2, x.size(2) - 1, 1);

    private static Tensor LogSum(Tensor logits, bool causal, Tensor? before)
    {
        var all = before is null ? logits : cat([before, logits], 2);
        if (!causal)
            return all.logsumexp(2, keepdim: true);
        return all.logcumsumexp(2).narrow(2, all.size(2) - logits.size(2), logits.size(2));
    }
}
