namespace Attn.Notebook;

/// <summary>What a measured number must satisfy: fixed before the run, and able to fail.</summary>
public sealed class Criterion
{
    private readonly Func<double, double> _margin;
    private readonly bool _strict;

    private Criterion(string text, Func<double, double> margin, bool strict) => (Text, _margin, _strict) = (text, margin, strict);

    /// <summary>The criterion as it is shown, such as <c>&lt; 1e-8</c>.</summary>
    public string Text { get; }

    /// <summary>How far a value is on the right side, in its own unit; negative on the wrong one, and NaN for NaN.</summary>
    public double Margin(double value) => _margin(value);

    /// <summary>Whether a value satisfies it. NaN satisfies nothing.</summary>
    public bool Holds(double value) => _strict ? Margin(value) > 0 : Margin(value) >= 0;

    /// <summary>Less than <paramref name="bound"/>.</summary>
    public static Criterion Below(double bound) => new($"< {Number.Of(Finite(bound))}", value => bound - value, strict: true);

    /// <summary>At most <paramref name="bound"/>.</summary>
    public static Criterion AtMost(double bound) => new($"≤ {Number.Of(Finite(bound))}", value => bound - value, strict: false);

    /// <summary>More than <paramref name="bound"/>.</summary>
    public static Criterion Above(double bound) => new($"> {Number.Of(Finite(bound))}", value => value - bound, strict: true);

    /// <summary>At least <paramref name="bound"/>.</summary>
    public static Criterion AtLeast(double bound) => new($"≥ {Number.Of(Finite(bound))}", value => value - bound, strict: false);

    /// <summary>From <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    /// <exception cref="ArgumentException"><paramref name="low"/> exceeds <paramref name="high"/>.</exception>
    public static Criterion Within(double low, double high) => low <= high
        ? new($"in [{Number.Of(low)}, {Number.Of(high)}]", value => Math.Min(value - low, high - value), strict: false)
        : throw new ArgumentException($"low: got {low}, needs at most high, {high}.", nameof(low));

    /// <summary>At most <paramref name="tolerance"/> away from <paramref name="target"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A tolerance that is negative or not a number.</exception>
    public static Criterion Near(double target, double tolerance) => tolerance >= 0
        ? new($"{Number.Of(Finite(target))} ± {Number.Of(tolerance)}", value => tolerance - Math.Abs(value - target), strict: false)
        : throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "tolerance: needs a number that is not negative.");

    /// <summary>A statement that is true.</summary>
    public static Criterion IsTrue { get; } = new("true", value => value == 1 ? 1 : -1, strict: true);

    /// <summary>Each value of a sequence less than the one before it.</summary>
    public static SequenceCriterion Decreasing { get; } = new("decreasing", values => values.Zip(values.Skip(1), (a, b) => a - b));

    /// <summary>Each value of a sequence more than the one before it.</summary>
    public static SequenceCriterion Increasing { get; } = new("increasing", values => values.Zip(values.Skip(1), (a, b) => b - a));

    /// <summary>The criterion's text.</summary>
    public override string ToString() => Text;

    private static double Finite(double bound) =>
        double.IsFinite(bound) ? bound : throw new ArgumentOutOfRangeException(nameof(bound), bound, "bound: needs a finite number, or nothing could fail.");
}

/// <summary>What a sequence of measured numbers must satisfy.</summary>
public sealed class SequenceCriterion
{
    private readonly Func<IReadOnlyList<double>, IEnumerable<double>> _steps;

    internal SequenceCriterion(string text, Func<IReadOnlyList<double>, IEnumerable<double>> steps) => (Text, _steps) = (text, steps);

    /// <summary>The criterion as it is shown.</summary>
    public string Text { get; }

    /// <summary>The smallest step in the right direction; NaN when there is one that is not a number.</summary>
    public double Margin(IReadOnlyList<double> values)
    {
        var steps = _steps(values).ToArray();
        return steps.Any(double.IsNaN) ? double.NaN : steps.Min();
    }

    /// <summary>Whether every step goes in the right direction.</summary>
    public bool Holds(IReadOnlyList<double> values) => Margin(values) > 0;
}
