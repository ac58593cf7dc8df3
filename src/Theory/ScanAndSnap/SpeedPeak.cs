namespace Attn.Theory.ScanAndSnap;

/// <summary>When attention moves fastest in the training of both tables together, and how far it slows down afterwards.</summary>
/// <param name="Time">The time of the fastest step in units of K ln M/η_Y, which is the theory's t₀'.</param>
/// <param name="Fall">The speed of the fastest step over that at 3 t₀.</param>
/// <param name="Speed">The speed ‖ż‖ of each step, in logits per step.</param>
/// <param name="Model">The model at 3 t₀.</param>
public sealed record SpeedPeak(double Time, double Fall, IReadOnlyList<double> Speed, ScanSnapModel Model)
{
    /// <summary>Trains on <paramref name="data"/> by population gradients without momentum, from Y = Z = 0 until 3 t₀.</summary>
    /// <param name="data">The classes.</param>
    /// <param name="etaY">η_Y.</param>
    /// <param name="etaZ">η_Z.</param>
    /// <param name="token">The token whose speed under the query of class 0 is measured; null for all tokens and queries together.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ArgumentException">A rate that is not positive.</exception>
    public static SpeedPeak Measure(
        SequenceClasses data, double etaY, double etaZ, int? token = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (unit, snap) = ScanSnapTheory.TransitionTimes(data.Count, data.Vocabulary, etaY);
        var model = new ScanSnapModel(data.Vocabulary);
        int[] watched = token is { } l
            ? [data.Class(0).Query * data.Vocabulary + l]
            : [.. data.QueryTokens.SelectMany(query => data.ContextTokens.Select(key => query * data.Vocabulary + key))];
        var (before, speed) = (new double[watched.Length], new List<double>());
        ScanSnapTrainer.Sgd(etaY, etaZ, momentum: 0, (int)(3 * snap) + 1, _ =>
        {
            var square = 0.0;
            for (var i = 0; i < watched.Length; i++)
            {
                var moved = model.Z[watched[i]] - before[i];
                before[i] = model.Z[watched[i]];
                square += moved * moved;
            }

            speed.Add(Math.Sqrt(square));
        }).RunPopulation(model, data, cancellation);
        var fastest = speed.Max();
        return new(speed.IndexOf(fastest) / unit, fastest / speed[^1], speed, model);
    }
}
