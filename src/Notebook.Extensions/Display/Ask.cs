namespace Attn.Notebook;

/// <summary>Asks the person at the notebook. Where nobody can answer (a headless run, nbconvert), the answer is null.</summary>
public static class Ask
{
    /// <summary>Asks for a line of text.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <returns>The answer; null when there is nobody to give one.</returns>
    /// <exception cref="OperationCanceledException">The user has interrupted the cell instead of answering.</exception>
    public static string? Line(string prompt) => NotebookHost.Current?.Ask(prompt ?? "", hidden: false);

    /// <summary>Asks for a text that must not be seen; it is neither shown nor kept.</summary>
    /// <inheritdoc cref="Line"/>
    public static string? Password(string prompt) => NotebookHost.Current?.Ask(prompt ?? "", hidden: true);
}
