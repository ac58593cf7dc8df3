using Attn.Host.Notebooks;
using Attn.Host.Session;
using Attn.Notebook;

namespace Attn.Host.Runner;

/// <summary>A cell that failed.</summary>
/// <param name="Number">Its place among the cells that were run, from 1: what progress and Jupyter's brackets count.</param>
/// <param name="Error">What went wrong.</param>
internal sealed record CellFailure(int Number, CellError Error);

/// <summary>What came of one notebook.</summary>
internal sealed record RunReport(
    NotebookDocument Notebook, TimeSpan Elapsed, IReadOnlyList<ClaimRecord> Claims, IReadOnlyList<CellFailure> Failures, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>No cell failed, and every claim that was run holds.</summary>
    public bool Succeeded => Failures.Count == 0 && Claims.All(claim => claim.Status != ClaimStatus.DoesNotHold);
}
