using Attn.Notebook;

namespace Attn.Host.Session;

/// <summary>Functions that every cell can call by their bare names.</summary>
public static class CellGlobals
{
    /// <summary>Shows a value now; the result's <see cref="DisplayedValue.Update"/> replaces it later.</summary>
#pragma warning disable IDE1006 // The name that C# notebooks have always had.
    public static DisplayedValue display(object? value) => Display.Show(value);
#pragma warning restore IDE1006
}
