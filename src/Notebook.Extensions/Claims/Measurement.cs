namespace Attn.Notebook;

/// <summary>One number of a claim, with what it had to be.</summary>
/// <param name="Label">What was measured, with its unit.</param>
/// <param name="Measured">The figure as shown, such as <c>1.937 ± 0.010</c>.</param>
/// <param name="Value">The number that the criterion was put to: the worst draw, the mean, the last seed that fails.</param>
/// <param name="Spread">The standard deviation over seeds; null where there is none.</param>
/// <param name="Count">Values behind the figure.</param>
/// <param name="Criterion">What it had to be.</param>
/// <param name="Margin">How far it is on the right side; negative on the wrong one.</param>
/// <param name="Holds">Whether it is as it had to be.</param>
public sealed record Measurement(
    string Label, string Measured, double Value, double? Spread, int Count, string Criterion, double Margin, bool Holds)
{
    internal static Measurement OfOne(string label, double value, Criterion criterion) =>
        new(label, Number.Of(value), value, null, 1, criterion.Text, criterion.Margin(value), criterion.Holds(value));

    internal static Measurement OfStatement(string label, bool value) =>
        new(label, value ? "true" : "false", value ? 1 : 0, null, 1, Notebook.Criterion.IsTrue.Text, value ? 1 : -1, value);

    /// <summary>The worst of many values: the one with the least margin.</summary>
    internal static Measurement OfWorst(string label, IReadOnlyList<double> values, Criterion criterion)
    {
        // A NaN has no margin and is worse than anything.
        var worst = values.MinBy(value => double.IsNaN(criterion.Margin(value)) ? double.NegativeInfinity : criterion.Margin(value));
        var measured = values.Count == 1 ? Number.Of(worst) : $"{Number.Of(worst)} (worst of {values.Count})";
        return new(label, measured, worst, null, values.Count, criterion.Text, criterion.Margin(worst), values.All(criterion.Holds));
    }

    internal static Measurement OfMean(string label, IReadOnlyList<double> values, Criterion criterion)
    {
        var mean = values.Average();
        var spread = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return new(label, $"{Number.Of(mean)} ± {Number.Of(spread)} (n = {values.Count})", mean, spread, values.Count, criterion.Text,
            criterion.Margin(mean), criterion.Holds(mean));
    }

    internal static Measurement OfSequence(string label, IReadOnlyList<double> values, SequenceCriterion criterion) =>
        new(label, string.Join(", ", values.Select(Number.Of)), values[^1], null, values.Count, criterion.Text, criterion.Margin(values), criterion.Holds(values));
}
