using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.EntropyBounds;

/// <summary>
/// The tight lower bound of attention entropy (Zhai et al. 2023, arXiv 2303.06296, Theorem 3.1). Logits L = X W_K W_Qᵀ Xᵀ over T tokens, with
/// σ = ‖W_K W_Qᵀ‖₂·‖XXᵀ‖₂ and β = exp(−σ√(T/(T−1))), give every row of softmax(L) at least
/// B(T, σ) = ln(1 + (T−1)β) + σ√(T(T−1)) β/(1 + (T−1)β) nats, and some row no more.
/// </summary>
/// <remarks>
/// The proof needs of a row only that its logits, less their mean, are of Euclidean length at most σ. So the same B holds of that length itself,
/// which is far sharper on real logits: see <see cref="Rows"/>. Any factor of the logits, such as 1/√d, belongs to σ. B falls as σ grows, like
/// Tσe^{−σ} in the end, and grows with T. Numbers are float64.
/// </remarks>
public static class EntropyBound
{
    /// <summary>B(T, σ), in nats; 0 for one token.</summary>
    /// <param name="tokens">T, how many keys a row sees; at least 1.</param>
    /// <param name="sigma">σ, at least 0.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double Lower(int tokens, double sigma)
    {
        Validate(tokens, sigma);
        using var scope = NewDisposeScope();
        return Lower(tensor((double)tokens), tensor(sigma)).item<double>();
    }

    /// <summary>B(T, σ) number by number, in nats; differentiable in <paramref name="sigma"/>. 0 where T is one.</summary>
    /// <param name="tokens">T, at least 1; broadcasts with <paramref name="sigma"/>.</param>
    /// <param name="sigma">σ, at least 0.</param>
    public static Tensor Lower(Tensor tokens, Tensor sigma)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(sigma);
        using var scope = NewDisposeScope();
        var count = tokens.to(ScalarType.Float64);
        // The largest logit above the others in the worst row. At most 1e300, for a gap of ∞ times a β of 0 would be NaN.
        var gap = (sigma.to(ScalarType.Float64) * (count / (count - 1).clamp_min(1)).sqrt()).clamp_max(1e300);
        var others = (count - 1) * (-gap).exp();
        return (others.log1p() + gap * others / (1 + others)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The bound of each row of a matrix of logits from that row's own numbers: B(T_i, r_i), T_i the keys it sees and r_i = ‖L_i − mean L_i‖₂ over
    /// them. Under a causal mask T_i is i, not T: with T for short rows it would be no bound.
    /// </summary>
    /// <param name="logits"><c>[…,Tq,Tk]</c> as the softmax gets them, −∞ where a key is masked.</param>
    /// <returns><c>[…,Tq]</c> in nats; 0 for a row that sees one key or none.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
    public static Tensor Rows(Tensor logits)
    {
        Matrix(logits);
        using var scope = NewDisposeScope();
        var (seen, radius) = Centred(logits);
        return Lower(seen.clamp_min(1), radius).MoveToOuterDisposeScope();
    }

    /// <summary>r_i = ‖L_i − mean L_i‖₂ of each row over the keys it sees: the σ of <see cref="Rows"/>.</summary>
    /// <param name="logits"><c>[…,Tq,Tk]</c>, −∞ where a key is masked.</param>
    /// <returns><c>[…,Tq]</c>, float64.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
    public static Tensor RowNorms(Tensor logits)
    {
        Matrix(logits);
        using var scope = NewDisposeScope();
        return Centred(logits).Radius.MoveToOuterDisposeScope();
    }

    /// <summary>The theorem's σ = ‖c·W_K W_Qᵀ‖₂·‖XXᵀ‖₂, by power iteration.</summary>
    /// <param name="x">X <c>[T,d]</c>.</param>
    /// <param name="keyWeights">W_K <c>[d,d_k]</c>.</param>
    /// <param name="queryWeights">W_Q <c>[d,d_k]</c>.</param>
    /// <param name="scale">c, what logits are multiplied with, such as 1/√d_k.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static double Sigma(Tensor x, Tensor keyWeights, Tensor queryWeights, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(keyWeights);
        ArgumentNullException.ThrowIfNull(queryWeights);
        if (x.dim() != 2)
            throw new ArgumentException($"x: got rank {x.dim()}, needs [T,d].", nameof(x));
        if (keyWeights.dim() != 2 || keyWeights.size(0) != x.size(1))
            throw new ArgumentException($"keyWeights: got [{string.Join(",", keyWeights.shape)}], needs [{x.size(1)},d_k].", nameof(keyWeights));
        if (!queryWeights.shape.SequenceEqual(keyWeights.shape))
            throw new ArgumentException($"queryWeights: got [{string.Join(",", queryWeights.shape)}], needs [{string.Join(",", keyWeights.shape)}] as keyWeights has.", nameof(queryWeights));
        using var scope = NewDisposeScope();
        var tokens = PowerIteration.SpectralNorm(x);
        return Math.Abs(scale) * PowerIteration.SpectralNorm(keyWeights.matmul(queryWeights.t())) * tokens * tokens;
    }

    /// <summary>The logits that attain B(T, σ): one token σ√((T−1)/T), the others −σ/√(T(T−1)), of length σ and mean 0.</summary>
    /// <param name="tokens">T, at least 2.</param>
    /// <param name="sigma">σ, at least 0.</param>
    /// <returns><c>[T]</c>, float64.</returns>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static Tensor TightRow(int tokens, double sigma)
    {
        Validate(tokens, sigma);
        if (tokens < 2)
            throw new ArgumentException($"tokens: got {tokens}, needs at least 2.", nameof(tokens));
        using var scope = NewDisposeScope();
        var row = full(tokens, -sigma / Math.Sqrt(tokens * (tokens - 1.0)), ScalarType.Float64);
        row[0] = sigma * Math.Sqrt((tokens - 1.0) / tokens);
        return row.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The construction that shows the theorem tight: with X = I the matrix W_K W_Qᵀ = e₁uᵀ, u the <see cref="TightRow"/>, has spectral norm σ, and
    /// the first row of its attention has entropy B(T, σ).
    /// </summary>
    /// <param name="tokens">T, at least 2.</param>
    /// <param name="sigma">σ, at least 0.</param>
    /// <returns>W_K W_Qᵀ <c>[T,T]</c>, float64, which with X = I are the logits.</returns>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static Tensor TightExample(int tokens, double sigma)
    {
        using var scope = NewDisposeScope();
        var row = TightRow(tokens, sigma);
        return cat([row.unsqueeze(0), zeros([tokens - 1, tokens], ScalarType.Float64)]).MoveToOuterDisposeScope();
    }

    private static (Tensor Seen, Tensor Radius) Centred(Tensor logits)
    {
        var visible = logits.isneginf().logical_not();
        var seen = visible.sum(-1, type: ScalarType.Float64);
        var values = where(visible, logits.to(ScalarType.Float64), 0.0);
        var mean = values.sum(-1) / seen.clamp_min(1);
        var centred = where(visible, values - mean.unsqueeze(-1), 0.0);
        return (seen, linalg.vector_norm(centred, dims: [-1]));
    }

    private static void Matrix(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.dim() < 2)
            throw new ArgumentException($"logits: got rank {logits.dim()}, needs […,Tq,Tk].", nameof(logits));
    }

    private static void Validate(int tokens, double sigma)
    {
        if (tokens < 1)
            throw new ArgumentException($"tokens: got {tokens}, needs at least 1.", nameof(tokens));
        if (!(sigma >= 0 && double.IsFinite(sigma)))
            throw new ArgumentException($"sigma: got {sigma.ToString(System.Globalization.CultureInfo.InvariantCulture)}, needs a finite number of at least 0.", nameof(sigma));
    }
}
