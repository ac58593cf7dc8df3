using System.Text.Json.Nodes;
using Attn.Host.Notebooks;
using Attn.Notebook;

namespace Attn.Host.Runner;

/// <summary>Follows a run in plain lines, for a file or a pipe.</summary>
internal sealed class PlainObserver(TextWriter output) : IRunObserver
{
    private readonly Lock _gate = new();
    private int _cells;

    public void NotebookStarted(NotebookDocument notebook, int cells)
    {
        _cells = cells;
        Line($"{notebook.Name}: {notebook.Title} ({cells} cells)");
    }

    public void CellStarted(int index, string? heading)
    {
    }

    public void Shown(MimeBundle bundle)
    {
        if (bundle.Data.TryGetValue(ClaimRecord.MimeType, out var content))
            Line(RunText.Claim(ClaimRecord.FromJson((JsonNode)content)));
    }

    public void CellEnded(int index, TimeSpan elapsed, CellFailure? failure)
    {
        Line($"  cell {(index + 1).ToString().PadLeft(_cells.ToString().Length)} of {_cells}  {RunText.Time(elapsed),8}");
        if (failure is not null)
            Line(RunText.Failure(failure));
    }

    public void ProgramEnds(int index, int exitCode) => Line(RunText.ProgramEnds(index + 1, exitCode));

    public void NotebookEnded(RunReport report)
    {
    }

    private void Line(string text)
    {
        lock (_gate)
            output.WriteLine(text);
    }
}
