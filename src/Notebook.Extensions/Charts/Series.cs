namespace Attn.Notebook;

/// <summary>How a series is drawn.</summary>
public enum SeriesMode
{
    /// <summary>A line through the points.</summary>
    Lines,

    /// <summary>The points alone.</summary>
    Points,

    /// <summary>A line and the points on it.</summary>
    Both,
}

/// <summary>How a line is stroked.</summary>
public enum SeriesDash
{
    /// <summary>Unbroken: what was measured.</summary>
    Solid,

    /// <summary>Dashes: what a theory or another method says.</summary>
    Dash,

    /// <summary>Dots.</summary>
    Dot,

    /// <summary>Dashes and dots by turns.</summary>
    DashDot,
}

/// <summary>One named line or cloud of points. A value that is not finite is a gap.</summary>
public sealed class Series
{
    private readonly IReadOnlyList<double>? _errorY;
    private readonly IReadOnlyList<string>? _labels;

    /// <summary>A series of points.</summary>
    /// <param name="name">What the legend says.</param>
    /// <param name="x">The places on the horizontal axis.</param>
    /// <param name="y">The values, as many as <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public Series(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count)
            throw new ArgumentException($"y: got {y.Count} values for {x.Count} places in x, needs as many.", nameof(y));
        (Name, X, Y) = (name, x, y);
    }

    /// <summary>A series at the places 0, 1, 2, ….</summary>
    public Series(string name, IReadOnlyList<double> y)
        : this(name, [.. Enumerable.Range(0, y.Count).Select(i => (double)i)], y)
    {
    }

    /// <summary>What the legend says.</summary>
    public string Name { get; }

    /// <summary>The places on the horizontal axis.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>The values.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>Line, points or both.</summary>
    public SeriesMode Mode { get; init; } = SeriesMode.Lines;

    /// <summary>The line's stroke.</summary>
    public SeriesDash Dash { get; init; } = SeriesDash.Solid;

    /// <summary>Which of the theme's colours, from 0; null takes the next one. Give a theory's line its measurement's colour.</summary>
    public int? Color { get; init; }

    /// <summary>Half the height of each value's error bar (a standard deviation, say); null draws none.</summary>
    /// <exception cref="ArgumentException">There are not as many as values.</exception>
    public IReadOnlyList<double>? ErrorY
    {
        get => _errorY;
        init => _errorY = value is null || value.Count == Y.Count
            ? value
            : throw new ArgumentException($"ErrorY: got {value.Count} values for {Y.Count} in y, needs as many.", nameof(value));
    }

    /// <summary>A text above each point; null writes none.</summary>
    /// <exception cref="ArgumentException">There are not as many as values.</exception>
    public IReadOnlyList<string>? Labels
    {
        get => _labels;
        init => _labels = value is null || value.Count == Y.Count
            ? value
            : throw new ArgumentException($"Labels: got {value.Count} texts for {Y.Count} values in y, needs as many.", nameof(value));
    }
}
