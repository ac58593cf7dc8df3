using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>
/// How rows of the catalogue read as systems whose input is the value of a token: queries, keys and the row's further tensors make the matrices.
/// None of it runs a kernel's recurrence.
/// </summary>
internal static class CatalogueHeads
{
    private static readonly Dictionary<string, Func<AttentionInputs, HeadSystem>> Written = new()
    {
        ["cosformer"] = CosFormer,
        ["flowformer"] = Flow,
        ["gated-linear"] = x => new(x.Tensor("logGate").exp(), x.K, x.Q),
        ["lightnet"] = LightNet,
        ["lightning"] = x => new(Decay(x, x.K), x.K, x.Q),
        ["longvq"] = LongVq,
        ["retention"] = Retention,
        ["sliding-window"] = Window,
        ["ssd"] = x => new((x.Tensor("step") * x.Tensor("rate")).exp().expand(x.K.shape), x.Tensor("step") * x.K, x.Q),
        ["transnormer"] = TransNormer,
    };

    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["block-sparse"] = "tokens to come look at every fourth block of the past, so that its state grows with the sequence",
        ["titans"] = "its Λ is not diagonal: a key first erases what the memory says along it, M ↦ (1 − α)M − 2θkᵀ(kM), beside a momentum",
    };

    /// <summary>The head's system at a call, or null with the reason why the row has none.</summary>
    public static (Func<AttentionInputs, HeadSystem>? Head, string? Reason) Find(AttentionMechanism row)
    {
        if (Written.TryGetValue(row.Id, out var written))
            return (written, null);
        if (Reasons.TryGetValue(row.Id, out var reason))
            return (null, reason);
        if (!row.Patterns.HasFlag(AttentionPatterns.CausalSelf))
            return (null, "every token looks at all others, those after it included, and a system only knows what came before");
        if (row.Features is { } features)
            return (x => HeadSystem.SumToOne(features.Queries(x.Q), features.Keys(x.K)), null);
        return (null, row.Family switch
        {
            "softmax" => "e^{q·k} is a product of features of q and of k only with infinitely many of them (SoftmaxTaylorFeatures has its first ones)",
            "alternatives" => "its weight of q·k is no product of finitely many features of q and of k",
            _ => "its matrices are written down nowhere",
        });
    }

    private static HeadSystem CosFormer(AttentionInputs x)
    {
        var angle = (arange(x.K.size(2), ScalarType.Float64) * (Math.PI / 2 / x.K.size(2))).unsqueeze(-1);
        Tensor Placed(Tensor tokens)
        {
            var positive = nn.functional.relu(tokens);
            return cat([positive * angle.cos(), positive * angle.sin()], -1);
        }
        return HeadSystem.SumToOne(Placed(x.Q), Placed(x.K));
    }

    private static HeadSystem Flow(AttentionInputs x)
    {
        var flows = FlowAttention.Stats(x.Q, x.K, causal: true);
        var (q, k) = (FlowOptions.Default.FeatureMap(x.Q), FlowOptions.Default.FeatureMap(x.K));
        return new(ones_like(k), k * flows.Competition, q * (flows.Allocation / flows.Incoming));
    }

    private static HeadSystem LightNet(AttentionInputs x)
    {
        var (weights, logGate, _) = AdditiveDecay.Of(x.K);
        return new(logGate.exp(), weights, x.Q);
    }

    /// <summary>Rotations commute with a scalar decay: they go into queries and keys, by their places.</summary>
    private static HeadSystem Retention(AttentionInputs x) => new(Decay(x, x.K), Rope.Apply(x.K), Rope.Apply(x.Q) / Math.Sqrt(x.Q.size(3)));

    private static HeadSystem TransNormer(AttentionInputs x)
    {
        var keys = Lrpe.Apply(x.K, x.Tensor("theta"));
        return new(Decay(x, keys), keys, Lrpe.Apply(x.Q, x.Tensor("theta")));
    }

    /// <summary>A key-value cache of w places, written in turn: a place is let go when the next token takes it.</summary>
    private static HeadSystem Window(AttentionInputs x)
    {
        var places = Places(x.K, SlidingWindow.DefaultWindow);
        var weights = SlidingWindow.Weights(x.Q, x.K);
        return new(1 - places, places, ByPlace(weights, SlidingWindow.DefaultWindow));
    }

    /// <summary>
    /// A sum of values for each code, and the cache of a window. Codes get a token's value at once; as long as it is in the window too, its place
    /// there takes the weight of its code back and puts its own in.
    /// </summary>
    private static HeadSystem LongVq(AttentionInputs x)
    {
        var (codebook, bias, length) = (x.Tensor("codebook"), x.Tensor("windowBias"), x.K.size(2));
        var window = (int)bias.size(2);
        var assigned = nn.functional.one_hot(Codebook.Assign(x.K, codebook), codebook.size(2)).to(x.K.dtype);
        var codes = (x.Q / Math.Sqrt(x.Q.size(3))).matmul(codebook.transpose(-2, -1)).exp();
        var ofTokens = codes.matmul(assigned.transpose(-2, -1)); // e^{q_i·C} with the code of token j.
        var distance = arange(length).unsqueeze(-1) - arange(length);
        var near = ((distance >= 0) & (distance < window)).to(x.K.dtype);
        var factors = bias.squeeze(-1).exp().index_select(2, distance.clamp(0, window - 1).flatten()).reshape(-1, bias.size(1), length, length);
        var correction = near * ofTokens * (factors - 1);
        var eta = (ofTokens.tril() + correction).sum(-1, keepdim: true);
        var places = Places(x.K, window);
        return new(
            cat([ones_like(assigned), 1 - places], -1), cat([assigned, places], -1), cat([codes, ByPlace(correction, window)], -1) / eta);
    }

    /// <summary>a = λ for every feature of every token.</summary>
    private static Tensor Decay(AttentionInputs x, Tensor keys) => x.Tensor("logDecay").exp().expand(keys.shape);

    /// <summary>1 at the place i mod w that token i takes, else 0: <c>[B,H,T,w]</c>.</summary>
    private static Tensor Places(Tensor k, int window) =>
        nn.functional.one_hot(arange(k.size(2)).remainder(window), window).to(k.dtype).expand(k.size(0), k.size(1), k.size(2), window);

    /// <summary>Weights of tokens <c>[B,H,T,T]</c>, zero beyond the window, as weights of the places where they lie <c>[B,H,T,w]</c>.</summary>
    private static Tensor ByPlace(Tensor weights, int window)
    {
        var (place, token) = (arange(window), arange(weights.size(2)).unsqueeze(-1));
        var holds = token - (token - place).remainder(window); // Which token lies there; none yet below 0.
        return weights.gather(3, holds.clamp_min(0).expand([.. weights.shape[..3], window])) * (holds >= 0).to(weights.dtype);
    }
}
