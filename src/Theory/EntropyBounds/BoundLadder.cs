using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.EntropyBounds;

/// <summary>
/// The bound B(T, ·) of one attention by three lengths, each at least the next: the theorem's σ, the spectral norm of the logits, and the
/// longest centred row. B falls, so the bounds rise.
/// </summary>
/// <param name="Tokens">T.</param>
/// <param name="Sigma">σ = ‖c·W_K W_Qᵀ‖₂·‖XXᵀ‖₂.</param>
/// <param name="Spectral">‖L‖₂.</param>
/// <param name="RowNorm">r = max_i ‖L_i − mean L_i‖₂.</param>
/// <param name="LeastEntropy">The least entropy of a row, in nats.</param>
/// <param name="RowMargin">The least of Ent_i − B(T, r_i), in nats.</param>
public sealed record BoundLadder(int Tokens, double Sigma, double Spectral, double RowNorm, double LeastEntropy, double RowMargin)
{
    /// <summary>B(T, σ), the theorem's.</summary>
    public double OfSigma => EntropyBound.Lower(Tokens, Sigma);

    /// <summary>B(T, ‖L‖₂).</summary>
    public double OfSpectral => EntropyBound.Lower(Tokens, Spectral);

    /// <summary>B(T, r).</summary>
    public double OfRows => EntropyBound.Lower(Tokens, RowNorm);

    /// <summary>The ladder of the attention softmax(c·X W_K W_Qᵀ Xᵀ) over all tokens, in float64.</summary>
    /// <param name="x">X <c>[T,d]</c>, T at least 2.</param>
    /// <param name="keyWeights">W_K <c>[d,d_k]</c>.</param>
    /// <param name="queryWeights">W_Q <c>[d,d_k]</c>.</param>
    /// <param name="scale">c, such as 1/√d_k.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static BoundLadder Of(Tensor x, Tensor keyWeights, Tensor queryWeights, double scale = 1)
    {
        var sigma = EntropyBound.Sigma(x, keyWeights, queryWeights, scale);
        if (x.size(0) < 2)
            throw new ArgumentException($"x: got {x.size(0)} token, needs at least 2.", nameof(x));
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var tokens = x.to(ScalarType.Float64);
        var keys = tokens.matmul(keyWeights.to(ScalarType.Float64));
        var logits = scale * keys.matmul(tokens.matmul(queryWeights.to(ScalarType.Float64)).t());
        var head = EntropyMonitor.OfLogits(logits)[0];
        return new((int)x.size(0), sigma, PowerIteration.SpectralNorm(logits), head.RowNorm, head.Least, head.Margin);
    }

    /// <summary>The ladder of a random attention: X standard normal, W_K and W_Q normal with deviation 1/√d, W_Q times a gain, c = 1/√d.</summary>
    /// <param name="tokens">T, at least 2.</param>
    /// <param name="dim">d = d_k, at least 1.</param>
    /// <param name="gain">What W_Q is multiplied with; logits are of about that size.</param>
    /// <param name="seed">Fixes the draw.</param>
    /// <exception cref="ArgumentException">A size out of range.</exception>
    public static BoundLadder Random(int tokens, int dim, double gain, ulong seed)
    {
        if (dim < 1)
            throw new ArgumentException($"dim: got {dim}, needs at least 1.", nameof(dim));
        if (tokens < 2)
            throw new ArgumentException($"tokens: got {tokens}, needs at least 2.", nameof(tokens));
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        Tensor Normal(int rows) => randn([rows, dim], ScalarType.Float64, generator: generator);
        var root = Math.Sqrt(dim);
        return Of(Normal(tokens), Normal(dim) / root, gain / root * Normal(dim), 1 / root);
    }
}
