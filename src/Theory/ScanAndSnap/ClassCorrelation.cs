using Attn.Theory.Numerics;

namespace Attn.Theory.ScanAndSnap;

/// <summary>How much the normalised contexts f_n of K classes overlap: FᵀF = I + E (Theorem 1).</summary>
/// <param name="Gram">[K, K] FᵀF.</param>
/// <param name="Correction">[K, K] E' = I − (I + E)⁻¹; off its diagonal are the β of Theorem 1.</param>
public sealed record ClassCorrelation(double[,] Gram, double[,] Correction)
{
    /// <summary>The overlaps of <paramref name="contexts"/>, K vectors of unit length.</summary>
    /// <exception cref="ArgumentException">Vectors of different lengths, or linearly dependent ones.</exception>
    public static ClassCorrelation Of(IReadOnlyList<double[]> contexts)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var n = contexts.Count;
        if (contexts.Any(f => f.Length != contexts[0].Length))
            throw new ArgumentException("contexts: got vectors of different lengths, needs one length.", nameof(contexts));
        var gram = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = i; j < n; j++)
                gram[i, j] = gram[j, i] = Sums.Dot(contexts[i], contexts[j]);

        var inverse = SmallMatrix.Inverse(gram);
        var correction = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                correction[i, j] = (i == j ? 1 : 0) - inverse[i, j];
        return new(gram, correction);
    }
}
