namespace Attn.Host.Session;

/// <summary>Runs a notebook's code cells one after another, with state from cell to cell.</summary>
public interface ICellRunner : IAsyncDisposable
{
    /// <summary>
    /// Runs one cell: C# with <c>#r</c>, <c>#i</c> and <c>#!attn</c> lines. Never throws for what the cell does; the result says how it ended.
    /// </summary>
    /// <param name="code">The cell's source.</param>
    /// <param name="output">Where its outputs go.</param>
    /// <param name="cancellation">Interrupts the cell; the session and its variables stay usable.</param>
    Task<CellResult> RunAsync(string code, ICellOutput output, CancellationToken cancellation);
}
