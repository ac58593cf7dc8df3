namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// Records what one class's attention does during training. Entry 0 of each list is the start, entry s what stands after s updates:
/// pass <see cref="Observe"/> to the trainer.
/// </summary>
public sealed class TrainingTrace
{
    private readonly SequenceClasses _data;
    private readonly IReadOnlyList<int> _distinct;
    private readonly List<double[]> _attention = [], _logits = [];
    private readonly List<double> _entropies = [], _losses = [];

    /// <summary>A trace of class <paramref name="n"/> (a position in the data's classes) that starts from <paramref name="model"/>.</summary>
    public TrainingTrace(SequenceClasses data, ScanSnapModel model, int n = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        (_data, Class, _distinct) = (data, n, data.DistinctTokens(n));
        Record(model);
    }

    /// <summary>The class that is traced.</summary>
    public int Class { get; }

    /// <summary>c_n at infinite context length, length M each.</summary>
    public IReadOnlyList<double[]> Attention => _attention;

    /// <summary>z_m of the class's query, length M each.</summary>
    public IReadOnlyList<double[]> Logits => _logits;

    /// <summary>The entropy of attention over the class's distinct tokens, in nats.</summary>
    public IReadOnlyList<double> Entropies => _entropies;

    /// <summary>Losses in nats; entry s is that of the batch of update s + 1, before it.</summary>
    public IReadOnlyList<double> Losses => _losses;

    /// <summary>Records one update.</summary>
    public void Observe(TrainingStep step)
    {
        _losses.Add(step.Loss);
        Record(step.Model);
    }

    /// <summary>The share of the whole run's entropy drop that its first <paramref name="steps"/> updates made.</summary>
    /// <exception cref="ArgumentException">More steps than were recorded, or fewer than none.</exception>
    public double ShareOfDrop(int steps)
    {
        if (steps < 0 || steps >= _entropies.Count)
            throw new ArgumentException($"steps: got {steps}, needs a number from 0 to {_entropies.Count - 1}.", nameof(steps));
        return (_entropies[0] - _entropies[steps]) / (_entropies[0] - _entropies[^1]);
    }

    /// <summary>How far the logit of token <paramref name="l"/> moves in each step: entry t is ż_ml at time t, in logits per step.</summary>
    public double[] Speed(int l) => [.. Enumerable.Range(0, _logits.Count - 1).Select(t => _logits[t + 1][l] - _logits[t][l])];

    private void Record(ScanSnapModel model)
    {
        var c = AttentionMap.C(_data, model, Class);
        _attention.Add(c);
        _logits.Add(model.AttentionLogits(_data.Class(Class).Query).ToArray());
        _entropies.Add(AttentionMap.Entropy(c, _distinct));
    }
}
