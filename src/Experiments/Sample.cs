namespace Attn.Experiments;

/// <summary>What repeated runs measured.</summary>
/// <param name="Values">One value a run, in the order of their seeds.</param>
public sealed record Sample(IReadOnlyList<double> Values)
{
    /// <summary>How many runs.</summary>
    public int Count => Values.Count;

    /// <summary>The mean; NaN of no runs.</summary>
    public double Mean => Values.Count == 0 ? double.NaN : Values.Average();

    /// <summary>The standard deviation over runs (divided by n − 1); NaN of fewer than two.</summary>
    public double StandardDeviation
    {
        get
        {
            var mean = Mean;
            return Values.Count < 2 ? double.NaN : Math.Sqrt(Values.Sum(value => (value - mean) * (value - mean)) / (Values.Count - 1));
        }
    }

    /// <summary>The standard error of the mean; NaN of fewer than two runs.</summary>
    public double StandardError => StandardDeviation / Math.Sqrt(Values.Count);

    /// <summary>Mean ± standard deviation (number of runs).</summary>
    public override string ToString() => $"{Mean:0.000} ± {StandardDeviation:0.000} ({Count})";
}
