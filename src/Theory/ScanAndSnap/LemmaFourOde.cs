namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// The theory's attention dynamics (Lemma 4): ż_ml = η_Z γ(t) Σ_{n: ψ(n) = m} f_nl Σ_{n' ≠ n} β_nn' [(f_n·f_n') f_nl − f_n'l], with F
/// recomputed at every step, β = E' off its diagonal and γ from h(t/K). Integrated by Euler's method from Z(0) = 0, in float64.
/// </summary>
public sealed class LemmaFourOde
{
    private readonly SequenceClasses _data;
    private readonly int _vocabulary;
    private readonly double _etaY, _etaZ;
    private readonly bool _flipCorrection;

    /// <summary>Dynamics on <paramref name="data"/>.</summary>
    /// <param name="data">The classes.</param>
    /// <param name="etaY">η_Y.</param>
    /// <param name="etaZ">η_Z.</param>
    /// <param name="vocabulary">M of the decoder, by which γ is scaled; null for the data's.</param>
    /// <param name="flipCorrection">Takes E' = (I + E)⁻¹ − I, the sign in the paper's list of notation; only for a control.</param>
    /// <exception cref="ArgumentException">A rate that is not positive or a vocabulary below the data's.</exception>
    public LemmaFourOde(SequenceClasses data, double etaY, double etaZ, int? vocabulary = null, bool flipCorrection = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(etaY > 0))
            throw new ArgumentException($"etaY: got {etaY}, needs a number above 0.", nameof(etaY));
        if (!(etaZ > 0))
            throw new ArgumentException($"etaZ: got {etaZ}, needs a number above 0.", nameof(etaZ));
        if (vocabulary < data.Vocabulary)
            throw new ArgumentException($"vocabulary: got {vocabulary}, needs at least the data's {data.Vocabulary}.", nameof(vocabulary));
        (_data, _etaY, _etaZ, _flipCorrection) = (data, etaY, etaZ, flipCorrection);
        _vocabulary = vocabulary ?? data.Vocabulary;
        Model = new(data.Vocabulary);
        Velocity = new double[data.Vocabulary * data.Vocabulary];
        B = new double[data.Count];
    }

    /// <summary>The attention logits so far, in <see cref="ScanSnapModel.Z"/>; Y stays 0.</summary>
    public ScanSnapModel Model { get; }

    /// <summary>[M, M] row-major: ż of the last step.</summary>
    public double[] Velocity { get; }

    /// <summary>[K] B_n(t) = η_Z ∫₀ᵗ ξ_n.</summary>
    public double[] B { get; }

    /// <summary>t, in steps.</summary>
    public double Time { get; private set; }

    /// <summary>Advances by <paramref name="dt"/>.</summary>
    public void Step(double dt = 1)
    {
        var f = Enumerable.Range(0, _data.Count).Select(n => Normalised(AttentionMap.C(_data, Model, n))).ToArray();
        var (gram, correction) = ClassCorrelation.Of(f);
        var speed = (_flipCorrection ? -1 : 1) * _etaZ * ScanSnapTheory.Gamma(Time + dt, _data.Count, _vocabulary, _etaY);
        foreach (var query in _data.QueryTokens)
            Velocity.AsSpan(query * _data.Vocabulary, _data.Vocabulary).Clear();
        for (var n = 0; n < _data.Count; n++)
            AddClass(n, f, gram, correction, speed, dt);

        foreach (var query in _data.QueryTokens)
            for (var l = 0; l < _data.Vocabulary; l++)
                Model.Z[query * _data.Vocabulary + l] += dt * Velocity[query * _data.Vocabulary + l];
        Time += dt;
    }

    private void AddClass(int n, double[][] f, double[,] gram, double[,] correction, double speed, double dt)
    {
        var row = Velocity.AsSpan(_data.Classes[n].Query * _data.Vocabulary, _data.Vocabulary);
        var overlap = 0.0; // Σ_{n'} β_nn' f_n·f_n' = ξ_n/γ
        for (var other = 0; other < f.Length; other++)
            if (other != n)
                overlap += correction[n, other] * gram[n, other];
        B[n] += dt * speed * overlap;

        foreach (var l in _data.Classes[n].Tokens)
        {
            var others = 0.0;
            for (var other = 0; other < f.Length; other++)
                if (other != n)
                    others += correction[n, other] * f[other][l];
            row[l] += speed * f[n][l] * (overlap * f[n][l] - others);
        }
    }

    private static double[] Normalised(double[] c)
    {
        var norm = Math.Sqrt(c.Sum(value => value * value));
        return [.. c.Select(value => value / norm)];
    }
}
