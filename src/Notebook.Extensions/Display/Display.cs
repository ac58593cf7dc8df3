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

    /// <summary>Takes away what the running cell has shown so far, in place of which later outputs stand.</summary>
    /// <param name="wait">Whether to wait with it for the next output, so that a replacement does not flicker.</param>
    public static void Clear(bool wait = false) => NotebookHost.Current?.Clear(wait);
}
