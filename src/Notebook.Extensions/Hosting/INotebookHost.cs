namespace Attn.Notebook;

/// <summary>
/// All that <c>Attn.Notebook</c> needs of the program that runs a notebook's cells. The C# session of <c>attn</c> implements it
/// over its outputs, <c>extension.dib</c> over .NET Interactive.
/// </summary>
public interface INotebookHost
{
    /// <summary>Shows a bundle under an id by which it can be replaced later.</summary>
    void Display(MimeBundle bundle, string displayId);

    /// <summary>Replaces what <see cref="Display"/> showed under that id, where it stands.</summary>
    void Update(string displayId, MimeBundle bundle);

    /// <summary>The names of the C# variables that cells have declared.</summary>
    IReadOnlyCollection<string> VariableNames { get; }

    /// <summary>Reads a C# variable.</summary>
    bool TryGetVariable(string name, out object? value);

    /// <summary>Declares or overwrites a C# variable of the given static type.</summary>
    Task SetVariableAsync(string name, object? value, Type type);

    /// <summary>Cancelled when the user interrupts the running cell.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>
    /// Whether the front end has no plotly.js of its own: the first chart of the session is then preceded by a display that brings it.
    /// False for a host whose page carries <see cref="PlotlyScript"/>, or whose front end renders <c>application/vnd.plotly.v1+json</c>.
    /// </summary>
    bool NeedsPlotlyScript => false;

    /// <summary>Takes away what the running cell has shown so far.</summary>
    /// <param name="wait">Whether to wait with it for the next output, so that a replacement does not flicker.</param>
    void Clear(bool wait)
    {
    }

    /// <summary>Asks the user for a line; null when there is nobody to answer.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <param name="hidden">Whether the answer must not be seen.</param>
    string? Ask(string prompt, bool hidden) => null;

    /// <summary>The host's live connections to its front end; null when it has none, and what is shown stays as it is.</summary>
    IComms? Comms => null;
}
