using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// RALA's operands, ready to sum: features of q and k as the denominator has them and, turned by positions, as the numerator does; values;
/// and the logits of α, <c>[B,H,T,1]</c>.
/// </summary>
internal readonly record struct RalaOperands(Tensor Q, Tensor TurnedQ, Tensor K, Tensor TurnedK, Tensor V, Tensor Logits)
{
    public static RalaOperands Of(Tensor q, Tensor k, Tensor v, GlobalQuery global, Tensor? coordinates)
    {
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        var (wide, fq, fk) = (q.Widen(), LinearAttention.EluPlusOne(q.Widen()), LinearAttention.EluPlusOne(k.Widen()));
        Tensor Against(Tensor queries) => fk.matmul(queries.mean([2], keepdim: true).transpose(-2, -1)) / Math.Sqrt(q.size(3));
        Tensor Turned(Tensor features) => coordinates is null ? features : MdLrpe.Apply(features, coordinates);
        return new(fq, Turned(fq), fk, Turned(fk), v.Widen(), global switch
        {
            GlobalQuery.None => zeros_like(fk.narrow(3, 0, 1)),
            GlobalQuery.MeanOfQueries => Against(wide),
            GlobalQuery.MeanOfFeatures => Against(fq),
            _ => throw new ArgumentException($"global: got {(int)global}, needs one of {string.Join(", ", Enum.GetNames<GlobalQuery>())}.", nameof(global)),
        });
    }

    /// <summary>The means by the softmax of the logits, chunk by chunk with the earlier part rescaled.</summary>
    public TokenMeans MeansInChunks(long chunk)
    {
        Tensor? products = null, features = null, largest = null, sum = null;
        for (var start = 0L; start < K.size(2); start += chunk)
        {
            Tensor Part(Tensor tensor) => tensor.narrow(2, start, Math.Min(chunk, tensor.size(2) - start));
            var own = Part(Logits).detach().amax([2], keepdim: true); // What is subtracted cancels, so no gradient is owed through it.
            var most = largest is null ? own : largest.maximum(own);
            var weights = (Part(Logits) - most).exp();
            var part = TokenMeans.Of(Part(K), Part(TurnedK), Part(V), weights);
            var kept = largest is null ? null : (largest - most).exp();
            products = kept is null ? part.Products : products! * kept + part.Products;
            features = kept is null ? part.Features : features! * kept + part.Features;
            sum = (kept is null ? 0 : sum! * kept) + weights.sum(2, keepdim: true);
            largest = most;
        }

        return new(products! / sum!, features! / sum!);
    }
}
