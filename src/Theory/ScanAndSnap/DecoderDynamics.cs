using Attn.Theory.Numerics;

namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// The decoder's dynamics for fixed attention (Lemmas 5 to 7), iterated step by step to check their closed form. Each step visits one class n
/// and moves Y ← Y + η_Y d (e_n − α_n)ᵀ, with d = f_n − F E' e_n (the update the theory analyses) or d = f_n (the gradient itself).
/// </summary>
public sealed class DecoderDynamics
{
    private readonly IReadOnlyList<double[]> _contexts;
    private readonly int[] _next;
    private readonly double[][] _directions;
    private readonly double[][] _y; // [S][M]: rows of Y of the tokens that occur.

    /// <summary>Dynamics from Y = 0.</summary>
    /// <param name="contexts">K vectors f_n of unit length S, over the tokens that occur in contexts.</param>
    /// <param name="next">The next token of each class.</param>
    /// <param name="vocabulary">M, the number of logits.</param>
    /// <param name="corrected">Whether the correction E' is subtracted; without it, rows of different classes disturb each other.</param>
    /// <exception cref="ArgumentException">Lengths that differ, linearly dependent contexts, or an id outside [0, M).</exception>
    public DecoderDynamics(IReadOnlyList<double[]> contexts, IReadOnlyList<int> next, int vocabulary, bool corrected = true)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(next);
        if (next.Count != contexts.Count)
            throw new ArgumentException($"next: got {next.Count} tokens, needs {contexts.Count}, one a class.", nameof(next));
        if (next.Any(n => n < 0 || n >= vocabulary))
            throw new ArgumentException($"next: got an id outside [0, {vocabulary}).", nameof(next));

        (_contexts, _next, Vocabulary) = (contexts, [.. next], vocabulary);
        var correction = ClassCorrelation.Of(contexts).Correction;
        _directions = [.. contexts.Select((f, n) => corrected ? Subtract(f, correction, n) : f)];
        _y = [.. contexts[0].Select(_ => new double[vocabulary])];
    }

    /// <summary>M.</summary>
    public int Vocabulary { get; }

    /// <summary>Row w_n = Yᵀf_n of class <paramref name="n"/>: its logits, length M.</summary>
    public double[] Row(int n)
    {
        var w = new double[Vocabulary];
        for (var l = 0; l < _y.Length; l++)
            for (var j = 0; j < Vocabulary; j++)
                w[j] += _contexts[n][l] * _y[l][j];
        return w;
    }

    /// <summary>g_n = Y(e_n − α_n), length S: what the decoder asks of the attention of class <paramref name="n"/> (Lemma 1).</summary>
    public double[] Force(int n)
    {
        var residual = Residual(n);
        return [.. _y.Select(row => Sums.Dot(row, residual))];
    }

    /// <summary>Theorem 1's form of it, γ(ι_n f_n − Σ_{k≠n} β_nk f_k) with ι_n = 1 − E'_nn and β_nk = E'_kn, when each class has been visited
    /// equally often; it leaves out terms of the order K/M.</summary>
    /// <param name="n">The class.</param>
    /// <param name="h">h or h* of the visits so far.</param>
    public double[] ForceClosedForm(int n, double h) => [.. _directions[n].Select(d => ScanSnapTheory.GammaOfH(h, Vocabulary) * d)];

    /// <summary>One visit of class <paramref name="n"/>.</summary>
    public void Step(int n, double etaY)
    {
        var residual = Residual(n);
        for (var l = 0; l < _y.Length; l++)
            for (var j = 0; j < residual.Length; j++)
                _y[l][j] += etaY * _directions[n][l] * residual[j];
    }

    /// <summary>The closed form (M − 1)h ζ_n with ζ_n = M/(M − 1)·(e_n − 1/M): entry (M − 1)h at the next token, −h elsewhere.</summary>
    public static double[] ClosedForm(double h, int next, int vocabulary)
    {
        var row = new double[vocabulary];
        Array.Fill(row, -h);
        row[next] = (vocabulary - 1) * h;
        return row;
    }

    // e_n − α_n.
    private double[] Residual(int n)
    {
        var residual = Row(n);
        var largest = residual.Max();
        var sum = residual.Sum(w => Math.Exp(w - largest));
        for (var j = 0; j < residual.Length; j++)
            residual[j] = (j == _next[n] ? 1 : 0) - Math.Exp(residual[j] - largest) / sum;
        return residual;
    }

    private double[] Subtract(double[] f, double[,] correction, int n)
    {
        var direction = (double[])f.Clone();
        for (var k = 0; k < _contexts.Count; k++)
            for (var l = 0; l < direction.Length; l++)
                direction[l] -= _contexts[k][l] * correction[k, n];
        return direction;
    }
}
