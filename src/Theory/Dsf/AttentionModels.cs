using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>Separable attention as systems: φ(q_i)·ψ(k_j)/η_i with q = W_Q u, k = W_K u, v = W_V u (arXiv 2405.15731, §3.1).</summary>
public static class AttentionModels
{
    /// <summary>Linear attention, φ = ψ = elu + 1 and η_i the sum of the weights. Directly: the catalogue's kernel, all pairs at once.</summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="state">n, features.</param>
    /// <param name="seed">Fixes the weights.</param>
    public static DsfModel Linear(int dim, int state, long seed)
    {
        var w = new AttentionWeights(dim, state, new(seed));
        return new(
            "linear",
            u => HeadSystem.SumToOne(LinearAttention.EluPlusOne(w.Queries(u)), LinearAttention.EluPlusOne(w.Keys(u))).ToSystem(w.Value),
            u => LinearAttention.Parallel(Head(w.Queries(u)), Head(w.Keys(u)), Head(w.Values(u)), causal: true).Output[0, 0]);
    }

    /// <summary>Normalised attention, the paper's own: φ = ψ = id, and η made of u_i alone.</summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="state">n, channels of queries and keys.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <param name="norm">How η is made.</param>
    public static DsfModel Normalised(int dim, int state, long seed, NormFunction norm = NormFunction.Exp)
    {
        var draw = new WeightDraw(seed);
        var (w, normWeights) = (new AttentionWeights(dim, state, draw), draw.Map(1, dim));
        Tensor Eta(Tensor u) => norm.Of(u.matmul(normWeights.t()));
        return new(
            $"normalised, {norm.ToString().ToLowerInvariant()}",
            u => HeadSystem.Separable(w.Queries(u), w.Keys(u), Eta(u)).ToSystem(w.Value),
            u => w.Queries(u).matmul(w.Keys(u).t()).tril().matmul(w.Values(u)) / Eta(u));
    }

    /// <summary>Softmax with e^x cut after its first terms: a finite state of C(m + p, p) features a channel.</summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="width">m, channels of queries and keys.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <param name="order">p, even so that no weight is negative.</param>
    public static DsfModel SoftmaxTaylor(int dim, int width, long seed, int order = 2)
    {
        var w = new AttentionWeights(dim, width, new(seed));
        var features = new SoftmaxTaylorFeatures(width, order);
        Tensor Scaled(Tensor x) => x / Math.Pow(width, 0.25); // q·k/√m, half of it on either side.
        Tensor Weights(Tensor u) => SoftmaxTaylorFeatures.Kernel(w.Queries(u).matmul(w.Keys(u).t()) / Math.Sqrt(width), order).tril();
        return new(
            $"softmax, order {order}",
            u => HeadSystem.SumToOne(features.Map(Scaled(w.Queries(u))), features.Map(Scaled(w.Keys(u)))).ToSystem(w.Value),
            u => Weights(u).matmul(w.Values(u)) / Weights(u).sum(-1, keepdim: true));
    }

    /// <summary>Φ of exact softmax attention, A⊗W_V, for which no finite state serves every input: <c>[L·d,L·d]</c>.</summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="width">m, channels of queries and keys.</param>
    /// <param name="seed">Fixes the weights, those of <see cref="SoftmaxTaylor"/>.</param>
    public static Func<Tensor, Tensor> SoftmaxKernel(int dim, int width, long seed)
    {
        var w = new AttentionWeights(dim, width, new(seed));
        return u => kron(Softmax.Weights(Head(w.Queries(u)), Head(w.Keys(u)), causal: true)[0, 0], w.Value);
    }

    /// <summary>RetNet without rotations: Λ = γI. Directly: the catalogue's kernel of fixed decay.</summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="state">n, channels of queries and keys.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <param name="decay">γ.</param>
    public static DsfModel Retention(int dim, int state, long seed, double decay = 0.9)
    {
        var w = new AttentionWeights(dim, state, new(seed));
        return new(
            "retnet",
            u => new HeadSystem(full_like(w.Keys(u), decay), w.Keys(u), w.Queries(u)).ToSystem(w.Value),
            u => ScalarDecay.Parallel(
                Head(w.Queries(u)), Head(w.Keys(u)), Head(w.Values(u)), full([1, 1, 1, 1], Math.Log(decay), ScalarType.Float64)).Output[0, 0]);
    }

    /// <summary>Gated linear attention: Λ_i = I⊗diag(σ(W_α u_i)). Directly: the catalogue's kernel, all pairs at once.</summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="state">n, channels of queries, keys and gates.</param>
    /// <param name="seed">Fixes the weights.</param>
    public static DsfModel Gated(int dim, int state, long seed)
    {
        var draw = new WeightDraw(seed);
        var (w, gateWeights) = (new AttentionWeights(dim, state, draw), draw.Map(state, dim));
        return new(
            "gla",
            u => new HeadSystem(u.matmul(gateWeights.t()).sigmoid(), w.Keys(u), w.Queries(u)).ToSystem(w.Value),
            u => GatedLinear.Parallel(
                Head(w.Queries(u)), Head(w.Keys(u)), Head(w.Values(u)), nn.functional.logsigmoid(Head(u.matmul(gateWeights.t())))).Output[0, 0]);
    }

    internal static Tensor Head(Tensor x) => x.unsqueeze(0).unsqueeze(0);
}

/// <summary>W_Q and W_K <c>[n,d]</c>, W_V <c>[d,d]</c>.</summary>
internal sealed class AttentionWeights(int dim, int state, WeightDraw draw)
{
    private readonly Tensor _query = draw.Map(state, dim), _key = draw.Map(state, dim);

    public Tensor Value { get; } = draw.Map(dim, dim);

    public Tensor Queries(Tensor u) => u.matmul(_query.t());

    public Tensor Keys(Tensor u) => u.matmul(_key.t());

    public Tensor Values(Tensor u) => u.matmul(Value.t());
}
