using System.Numerics.Tensors;
using Attn.Theory.Numerics;

namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// The exact gradients of the objective J = E[log α_n] (Lemma 1), with counts in place of sequences: for c ∝ N ⊙ exp(z_m), Σc = 1, f = c/‖c‖,
/// α = softmax(Yᵀf) and g = Y(e_n − α), the gradients are ∂J/∂Y = f(e_n − α)ᵀ and ∂J/∂z_m = c ⊙ (g − f fᵀg)/‖c‖.
/// That the paper's Xᵀdiag(b)X is diag(c) makes it exact at any context length. A sample costs 3·S·M multiplications, S its different tokens.
/// </summary>
public sealed class LemmaOne
{
    private readonly int _vocabulary;
    private readonly double[] _residual; // Logits first, then e_n − α.
    private double[] _c = [], _f = [], _g = [];

    /// <summary>Gradients of models with this vocabulary, both zero.</summary>
    public LemmaOne(int vocabulary)
    {
        _vocabulary = vocabulary;
        _residual = new double[vocabulary];
        Y = new double[vocabulary * vocabulary];
        Z = new double[vocabulary * vocabulary];
    }

    /// <summary>[M, M] row-major: ∂J/∂Y summed over what was added.</summary>
    public double[] Y { get; }

    /// <summary>[M, M] row-major: ∂J/∂Z summed over what was added.</summary>
    public double[] Z { get; }

    /// <summary>Whether the projection P⊥ of the normalisation is applied. Only a control turns it off: the result is then no gradient.</summary>
    public bool Project { get; init; } = true;

    /// <summary>The mean gradients over <paramref name="samples"/> and their mean loss −log α_n, in nats.</summary>
    /// <exception cref="ArgumentException">No sample; or one with ids outside the vocabulary, or whose counts are all 0.</exception>
    public static (double[] Y, double[] Z, double Loss) Mean(ScanSnapModel model, IReadOnlyCollection<ContextSample> samples, bool project = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0)
            throw new ArgumentException("samples: got none, needs at least one.", nameof(samples));
        var gradients = new LemmaOne(model.Vocabulary) { Project = project };
        var loss = 0.0;
        foreach (var sample in samples)
            loss += gradients.Add(model, sample, 1.0 / samples.Count);
        return (gradients.Y, gradients.Z, loss);
    }

    /// <summary>Adds <paramref name="weight"/> times one sample's gradients; returns <paramref name="weight"/> times its loss, in nats.</summary>
    /// <exception cref="ArgumentException">Ids outside the vocabulary, or counts that are all 0.</exception>
    public double Add(ScanSnapModel model, ContextSample sample, double weight)
    {
        Validate(model, sample);
        var norm = Attend(model, sample);
        var loss = Decode(model, sample);
        var along = 0.0; // fᵀg
        for (var i = 0; i < sample.Tokens.Length; i++)
            if (_f[i] > 0)
                along += _f[i] * (_g[i] = Sums.Dot(Row(model.Y, sample.Tokens[i]), _residual));
        if (!Project)
            along = 0;

        var attention = Row(Z, sample.Query);
        for (var i = 0; i < sample.Tokens.Length; i++)
            if (_f[i] > 0)
            {
                attention[sample.Tokens[i]] += weight * _c[i] * (_g[i] - _f[i] * along) / norm;
                var decoder = Row(Y, sample.Tokens[i]);
                Sums.Add(_residual, weight * _f[i], decoder);
            }

        return weight * loss;
    }

    /// <summary>Sets the given rows of both gradients to 0.</summary>
    public void Clear(IEnumerable<int> decoderRows, IEnumerable<int> attentionRows)
    {
        foreach (var row in decoderRows)
            Row(Y, row).Clear();
        foreach (var row in attentionRows)
            Row(Z, row).Clear();
    }

    private Span<double> Row(double[] table, int row) => table.AsSpan(row * _vocabulary, _vocabulary);

    // Fills c and f; returns ‖c‖.
    private double Attend(ScanSnapModel model, ContextSample sample)
    {
        var count = sample.Tokens.Length;
        if (_c.Length < count)
            (_c, _f, _g) = (new double[count], new double[count], new double[count]);
        var logits = model.AttentionLogits(sample.Query);
        var largest = double.NegativeInfinity;
        for (var i = 0; i < count; i++)
        {
            _c[i] = sample.Counts[i] > 0 ? logits[sample.Tokens[i]] : double.NegativeInfinity;
            largest = Math.Max(largest, _c[i]);
        }

        var c = _c.AsSpan(0, count);
        TensorPrimitives.Subtract(c, largest, c);
        Sums.Exp(c);
        TensorPrimitives.Multiply(c, sample.Counts.AsSpan(0, count), c);
        TensorPrimitives.Multiply(c, 1 / Sums.Of(c), c);
        var norm = Sums.Norm(c);
        TensorPrimitives.Multiply(c, 1 / norm, _f.AsSpan(0, count));
        return norm;
    }

    // Fills the residual e_n − α; returns −log α_n.
    private double Decode(ScanSnapModel model, ContextSample sample)
    {
        Span<double> values = _residual;
        values.Clear();
        for (var i = 0; i < sample.Tokens.Length; i++)
            if (_f[i] > 0)
                Sums.Add(Row(model.Y, sample.Tokens[i]), _f[i], values);

        TensorPrimitives.Subtract(values, TensorPrimitives.Max<double>(values), values);
        var target = values[sample.Next];
        Sums.Exp(values);
        var sum = Sums.Of(values);
        TensorPrimitives.Multiply(values, -1 / sum, values);
        values[sample.Next] += 1;
        return Math.Log(sum) - target;
    }

    private void Validate(ScanSnapModel model, ContextSample sample)
    {
        if (model.Vocabulary != _vocabulary)
            throw new ArgumentException($"model: got a vocabulary of {model.Vocabulary}, needs {_vocabulary}.", nameof(model));
        if (sample.Counts.Length < sample.Tokens.Length)
            throw new ArgumentException($"sample: got {sample.Counts.Length} counts for {sample.Tokens.Length} tokens.", nameof(sample));
        var any = false;
        for (var i = 0; i < sample.Tokens.Length; i++)
        {
            RequireId(sample.Tokens[i]);
            if (!(sample.Counts[i] >= 0 && double.IsFinite(sample.Counts[i])))
                throw new ArgumentException($"sample: got a count of {sample.Counts[i]}, needs finite numbers of at least 0.", nameof(sample));
            any |= sample.Counts[i] > 0;
        }

        RequireId(sample.Query);
        RequireId(sample.Next);
        if (!any)
            throw new ArgumentException("sample: got counts that are all 0, needs at least one token.", nameof(sample));
    }

    private void RequireId(int id)
    {
        if ((uint)id >= (uint)_vocabulary)
            throw new ArgumentException($"sample: got the token {id}, needs ids in [0, {_vocabulary}).", "sample");
    }
}
