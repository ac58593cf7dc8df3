namespace Attn.Host.Runner;

/// <summary>How notebooks are run.</summary>
internal sealed record RunOptions
{
    /// <summary>Values for declared parameters; a name that a notebook does not declare is an error.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Values for <c>scale</c> and <c>seed</c>, given to the notebooks that declare them.</summary>
    public IReadOnlyDictionary<string, string> Common { get; init; } = new Dictionary<string, string>();

    /// <summary>The time that a cell may take; none when null.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>Whether cells after a failed one are run.</summary>
    public bool KeepGoing { get; init; }
}
