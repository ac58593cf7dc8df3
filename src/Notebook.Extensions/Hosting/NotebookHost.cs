namespace Attn.Notebook;

/// <summary>The host of the cell that is running.</summary>
public static class NotebookHost
{
    private static INotebookHost? _current;

    /// <summary>The host; null outside a notebook (a plain program, a test).</summary>
    public static INotebookHost? Current => Volatile.Read(ref _current);

    /// <summary>Makes <paramref name="host"/> the current one; a process has one notebook at a time.</summary>
    public static void Attach(INotebookHost? host) => Volatile.Write(ref _current, host);
}
