namespace Attn.Notebook;

/// <summary>Shows values before a cell ends, and replaces what it showed.</summary>
public static class Display
{
    /// <summary>Shows a value through the current host; outside a notebook its plain text goes to the console.</summary>
    /// <param name="value">Any value; see <see cref="MimeBundles.Of"/>.</param>
    /// <returns>The display, to be updated in place.</returns>
    public static DisplayedValue Show(object? value)
    {
        var shown = new DisplayedValue(NotebookHost.Current, Guid.NewGuid().ToString("N"));
        shown.Send(value, update: false);
        return shown;
    }
}
