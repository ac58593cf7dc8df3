using Attn.Theory.Numerics;

namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// The one-layer, position-free transformer of "Scan and Snap" in its pairwise logit tables: Y = U W_Vᵀ Uᵀ (decoder) and
/// Z = U W_Q W_Kᵀ Uᵀ/√d (attention). With f = Xᵀb/‖Xᵀb‖, b the softmax over the context of row z_m of the query token m, the next-token
/// logits are Yᵀf.
/// </summary>
public sealed class ScanSnapModel
{
    /// <summary>A model with Y = Z = 0.</summary>
    /// <param name="vocabulary">M.</param>
    /// <exception cref="ArgumentException"><paramref name="vocabulary"/> is below 2.</exception>
    public ScanSnapModel(int vocabulary)
    {
        if (vocabulary < 2)
            throw new ArgumentException($"vocabulary: got {vocabulary}, needs at least 2.", nameof(vocabulary));
        Vocabulary = vocabulary;
        Y = new double[vocabulary * vocabulary];
        Z = new double[vocabulary * vocabulary];
    }

    /// <summary>M.</summary>
    public int Vocabulary { get; }

    /// <summary>[M, M] row-major float64: Y[l·M + j] is what token l in the context adds to the logit of token j.</summary>
    public double[] Y { get; }

    /// <summary>[M, M] row-major float64: Z[m·M + l] is the attention logit z_ml of token l under query m.</summary>
    public double[] Z { get; }

    /// <summary>Row z_m of the attention logits, length M.</summary>
    /// <exception cref="ArgumentException">An id outside [0, M).</exception>
    public ReadOnlySpan<double> AttentionLogits(int query) => query >= 0 && query < Vocabulary
        ? Z.AsSpan(query * Vocabulary, Vocabulary)
        : throw new ArgumentException($"query: got the token {query}, needs ids in [0, {Vocabulary}).", nameof(query));

    /// <summary>A model with both tables uniform in ±1/√M, the default start of a linear layer; the paper's Syn-Medium runs start so.</summary>
    public static ScanSnapModel Uniform(int vocabulary, long seed)
    {
        var model = new ScanSnapModel(vocabulary);
        var (random, bound) = (new Xoshiro256(seed), 1 / Math.Sqrt(vocabulary));
        foreach (var table in (double[][])[model.Y, model.Z])
            for (var i = 0; i < table.Length; i++)
                table[i] = bound * (2 * random.NextDouble() - 1);
        return model;
    }
}
