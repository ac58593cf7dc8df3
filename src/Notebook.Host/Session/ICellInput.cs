namespace Attn.Host.Session;

/// <summary>Where a running cell's questions go. An <see cref="ICellOutput"/> that has somebody to ask is one too.</summary>
public interface ICellInput
{
    /// <summary>Asks for a line; null when nobody answers.</summary>
    /// <param name="prompt">What is asked; may be empty.</param>
    /// <param name="hidden">Whether the answer must not be seen, such as a password.</param>
    string? ReadLine(string prompt, bool hidden);
}
