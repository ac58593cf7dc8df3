namespace Attn.Notebook.Commands;

/// <summary>Where a verb gets its values from and where its results go: a notebook, or a terminal.</summary>
/// <param name="host">The notebook's host; null on a terminal.</param>
/// <param name="output">Where plain text goes.</param>
internal sealed class CommandContext(INotebookHost? host, TextWriter output)
{
    public INotebookHost? Host => host;

    /// <summary>Names of the user's variables, for completion.</summary>
    public IEnumerable<string> VariableNames => host?.VariableNames ?? [];

    public CancellationToken Cancellation => host?.Cancellation ?? CancellationToken.None;

    /// <summary>Shows a value as the notebook shows it, or as plain text on a terminal.</summary>
    public void Show(object value)
    {
        var bundle = MimeBundles.Of(value);
        if (host is not null)
            host.Display(bundle, Guid.NewGuid().ToString("N"));
        else
            output.WriteLine(bundle.Data[Mime.Text]);
    }

    /// <summary>Prints a line.</summary>
    public void Say(string text) => output.WriteLine(text);

    /// <summary>The user's variable of that name.</summary>
    /// <exception cref="CommandException">There are no variables here, none of that name, or it holds another type.</exception>
    public T Variable<T>(string option, string name)
    {
        if (host is null)
            throw new CommandException($"{option}: got the variable '{name}', but a terminal has no variables; leave it out for random tensors.");
        if (!host.TryGetVariable(name, out var value))
            throw new CommandException($"{option}: no variable '{name}'{Suggestion.Of(name, host.VariableNames)}");
        return value is T typed
            ? typed
            : throw new CommandException($"{option}: '{name}' holds {value?.GetType().Name ?? "null"}, needs {typeof(T).Name}.");
    }
}
