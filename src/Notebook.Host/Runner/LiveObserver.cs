using System.Diagnostics;
using System.Text.Json.Nodes;
using Attn.Host.Notebooks;
using Attn.Notebook;
using Spectre.Console;

namespace Attn.Host.Runner;

/// <summary>Follows a run on a terminal: one line that moves, and above it what stays.</summary>
internal sealed class LiveObserver(IAnsiConsole console, StatusContext status) : IRunObserver
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, ClaimStatus> _claims = [];
    private string _title = "", _heading = "", _progress = "";
    private int _cell, _cells;

    public void NotebookStarted(NotebookDocument notebook, int cells)
    {
        (_title, _cells) = (notebook.Name, cells);
        _clock.Restart();
        console.MarkupLineInterpolated($"[bold]{notebook.Title}[/]");
        Refresh();
    }

    public void CellStarted(int index, string? heading)
    {
        (_cell, _heading, _progress) = (index + 1, heading ?? "", "");
        Refresh();
    }

    public void Shown(MimeBundle bundle)
    {
        if (bundle.Data.TryGetValue(ClaimRecord.MimeType, out var content))
        {
            var claim = ClaimRecord.FromJson((JsonNode)content);
            _claims[claim.Id] = claim.Status;
            var color = claim.Status switch { ClaimStatus.Holds => "green", ClaimStatus.DoesNotHold => "red", _ => "grey" };
            console.MarkupLine($"  [{color}]{claim.Status.Mark()}[/] {Markup.Escape(claim.Id)} [{color}]{claim.Status.InWords()}[/]: {Markup.Escape(claim.Statement)}");
        }
        else if (bundle.Data.ContainsKey(Attn.Notebook.Progress.MimeType))
        {
            _progress = bundle.Data["text/plain"].ToString()!.Trim();
        }

        Refresh();
    }

    public void CellEnded(int index, TimeSpan elapsed, CellFailure? failure)
    {
        if (failure is not null)
            console.MarkupLineInterpolated($"[red]{RunText.Failure(failure)}[/]");
        Refresh();
    }

    public void ProgramEnds(int index, int exitCode)
    {
        console.MarkupLineInterpolated($"[red]{RunText.ProgramEnds(index + 1, exitCode)}[/]");
        console.Cursor.Show();
    }

    public void NotebookEnded(RunReport report)
    {
    }

    private void Refresh()
    {
        var claims = string.Join(' ', _claims.Select(pair => pair.Value.Mark() + pair.Key));
        status.Status(Markup.Escape(string.Join(" · ", ((string[])[
            $"{_title} cell {_cell} of {_cells}", RunText.Time(_clock.Elapsed), _heading, claims, _progress]).Where(part => part.Length > 0))));
    }
}
