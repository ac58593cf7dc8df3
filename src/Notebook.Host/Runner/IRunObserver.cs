using Attn.Host.Notebooks;
using Attn.Notebook;

namespace Attn.Host.Runner;

/// <summary>Follows a run, for a person to watch.</summary>
internal interface IRunObserver
{
    void NotebookStarted(NotebookDocument notebook, int cells);

    void CellStarted(int index, string? heading);

    /// <summary>A value was shown while a cell runs: a claim, progress, or anything else.</summary>
    void Shown(MimeBundle bundle);

    void CellEnded(int index, TimeSpan elapsed, CellFailure? failure);

    /// <summary>A cell is ending the whole program.</summary>
    void ProgramEnds(int index, int exitCode);

    void NotebookEnded(RunReport report);
}
