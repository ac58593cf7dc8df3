namespace Attn.Host.Session;

/// <summary>How a cell ended.</summary>
/// <param name="Error">What went wrong; null when the cell ran to its end.</param>
/// <param name="ExitCode">Set when the cell asked the process to end.</param>
public sealed record CellResult(CellError? Error, int? ExitCode = null)
{
    /// <summary>Whether the cell ran to its end.</summary>
    public bool Succeeded => Error is null;
}

/// <summary>A cell's error, in words for the person who wrote the cell.</summary>
/// <param name="Name">The exception's type name; <c>CompilationError</c>, <c>Interrupted</c> or <c>Timeout</c> for those.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Line">The line in the cell, from 1; null when it is not known.</param>
/// <param name="Traceback">Lines to print: the offending source line, then the user's own frames; none of the compiler's or the host's.</param>
public sealed record CellError(string Name, string Message, int? Line, IReadOnlyList<string> Traceback);
