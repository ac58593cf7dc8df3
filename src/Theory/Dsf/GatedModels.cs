using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>
/// Gated recurrent networks as systems with one state a channel (arXiv 2405.15731, §3.3). Their gates see the input alone: those of a classical LSTM
/// see h_{i−1} too, which makes it nonlinear in its state and no system of this kind.
/// </summary>
public static class GatedModels
{
    private const double Sharpness = 8; // c of the RG-LRU.

    /// <summary>
    /// The quasi-LSTM, Λ_i = diag σ(W_f u_i), B_i = diag(σ(W_i u_i))W_u, C_i = diag σ(W_o u_i). Directly: the sum over the past with its decays.
    /// </summary>
    /// <param name="dim">d, channels, and the size of the state.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <param name="reversed">α of the paper's forget gate, σ(−W_f u)^α; the usual σ(W_f u) when null.</param>
    public static DsfModel QLstm(int dim, long seed, double? reversed = null)
    {
        var draw = new WeightDraw(seed);
        var (forget, input, state, output) = (draw.Map(dim, dim), draw.Map(dim, dim), draw.Map(dim, dim), draw.Map(dim, dim));
        Tensor Gate(Tensor u, Tensor weights) => u.matmul(weights.t()).sigmoid();
        Tensor LogForget(Tensor u) => reversed is { } alpha
            ? alpha * nn.functional.logsigmoid(-u.matmul(forget.t()))
            : nn.functional.logsigmoid(u.matmul(forget.t()));
        return new(
            reversed is null ? "qlstm" : "qlstm, reversed",
            u => new(
                reversed is { } alpha ? ReversedSigmoid.Forget(u.matmul(forget.t()), alpha) : Gate(u, forget),
                Gate(u, input).unsqueeze(-1) * state, diag_embed(Gate(u, output))),
            u => Gate(u, output) * Decayed(LogForget(u), Gate(u, input) * u.matmul(state.t())));
    }

    /// <summary>
    /// The RG-LRU of Griffin, Λ_i = exp(−8 softplus(Λ̂)∘σ(W_r u_i)), B_i = diag(√(1 − Λ_i²)∘σ(W_i u_i)), C_i = I: what it writes is tied to what it
    /// forgets. Directly: the sum over the past with its decays.
    /// </summary>
    /// <param name="dim">d, channels, and the size of the state.</param>
    /// <param name="seed">Fixes the weights.</param>
    public static DsfModel RgLru(int dim, long seed)
    {
        var draw = new WeightDraw(seed);
        var (rate, recurrence, input) = (draw.Uniform(-6, -2, dim), draw.Map(dim, dim), draw.Map(dim, dim));
        Tensor LogDecay(Tensor u) => -Sharpness * nn.functional.softplus(rate) * u.matmul(recurrence.t()).sigmoid();
        Tensor Written(Tensor u) => (-(2 * LogDecay(u)).expm1()).sqrt() * u.matmul(input.t()).sigmoid();
        return new(
            "rg-lru",
            u => new(LogDecay(u).exp(), diag_embed(Written(u)), eye(dim, dtype: ScalarType.Float64).expand(u.size(0), dim, dim)),
            u => Decayed(LogDecay(u), Written(u) * u));
    }

    /// <summary>Σ_{j≤i} exp(Σ_{j&lt;k≤i} logDecay_k)∘written_j, all pairs at once; all <c>[L,d]</c>.</summary>
    internal static Tensor Decayed(Tensor logDecay, Tensor written)
    {
        using var scope = NewDisposeScope();
        var time = logDecay.cumsum(0);
        var seen = ones(time.size(0), time.size(0), dtype: ScalarType.Float64).tril().unsqueeze(-1);
        return ((time.unsqueeze(1) - time).minimum(zeros(1, dtype: ScalarType.Float64)).exp() * seen * written).sum(1).MoveToOuterDisposeScope();
    }
}
