namespace Attn.Notebook;

/// <summary>How far a piece of work is.</summary>
internal sealed record ProgressState(string Title, long Done, long? Total, TimeSpan Elapsed, string Text, bool Ended, int Depth)
{
    /// <summary>From 0 to 1; null when nobody knows. Nothing to do is all done.</summary>
    public double? Fraction => Total is { } total ? total == 0 ? 1 : (double)Done / total : null;

    /// <summary>The time left at the pace so far; null while that cannot be told.</summary>
    public TimeSpan? Left => !Ended && Fraction is > 0 and < 1 and { } part && Elapsed.TotalSeconds >= 0.5 ? Elapsed * ((1 - part) / part) : null;
}
