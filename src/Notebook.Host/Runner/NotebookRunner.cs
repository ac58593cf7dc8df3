using System.Diagnostics;
using System.Text.Json.Nodes;
using Attn.Host.Notebooks;
using Attn.Host.Session;
using Attn.Notebook;

namespace Attn.Host.Runner;

/// <summary>Runs a notebook's code cells in a C# session, as a person would from top to bottom.</summary>
internal sealed class NotebookRunner(RunOptions options, IRunObserver observer)
{
    /// <summary>Runs the notebook and leaves its outputs in <paramref name="notebook"/>.</summary>
    /// <exception cref="NotebookFormatException">A parameter that the notebook does not have.</exception>
    /// <exception cref="OperationCanceledException">The user has ended the run.</exception>
    public async Task<RunReport> RunAsync(NotebookDocument notebook, CancellationToken cancellation)
    {
        var parameters = Parameters(notebook);
        ParameterCell.Inject(notebook, parameters);
        var clock = Stopwatch.StartNew();
        var claims = new ClaimCollector();
        var failures = new List<CellFailure>();
        var outputs = new NotebookOutputs(bundle =>
        {
            claims.Observe(bundle);
            observer.Shown(bundle);
        });

        var cells = notebook.Cells;
        observer.NotebookStarted(notebook, cells.Count(IsRun));
        await using var session = new CSharpSession { WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))! };
        var count = 0;
        string? heading = null;
        for (var i = 0; i < cells.Count && (failures.Count == 0 || options.KeepGoing); i++)
        {
            heading = cells[i].Heading ?? heading;
            if (!IsRun(cells[i]))
                continue;
            observer.CellStarted(count++, heading);
            var started = clock.Elapsed;
            using var exit = new ExitWatch(code => observer.ProgramEnds(count - 1, code), cancellation);
            var failure = await RunCellAsync(session, cells[i], outputs.For(cells[i], count), count, cancellation);
            if (failure is not null)
                failures.Add(failure);
            observer.CellEnded(count - 1, clock.Elapsed - started, failure);
        }

        var report = new RunReport(notebook, clock.Elapsed, claims.Claims, failures, parameters);
        observer.NotebookEnded(report);
        return report;
    }

    private async Task<CellFailure?> RunCellAsync(
        CSharpSession session, NotebookCell cell, NotebookOutputs.Sink output, int count, CancellationToken cancellation)
    {
        cell.ExecutionCount = count;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (options.CellTimeout is { } timeout)
            limit.CancelAfter(timeout);
        var result = await session.RunAsync(cell.Source, output, limit.Token);
        cancellation.ThrowIfCancellationRequested();
        if (result.Error is not { } error)
            return null;
        if (error.Name == "Interrupted" && limit.IsCancellationRequested)
            error = new CellError("Timeout", $"the cell took longer than {options.CellTimeout!.Value.TotalSeconds:0.###} s and was interrupted", null, []);
        output.Error(error);
        return new CellFailure(count, error);
    }

    private static bool IsRun(NotebookCell cell) => cell.IsCode && !string.IsNullOrWhiteSpace(cell.Source);

    private Dictionary<string, string> Parameters(NotebookDocument notebook)
    {
        var declared = ParameterCell.Names(notebook);
        var values = options.Common.Where(pair => declared.Contains(pair.Key)).ToDictionary();
        foreach (var (name, value) in options.Parameters)
            values[name] = value;
        return values;
    }

    /// <summary>The claims that a notebook has shown, the last word on each.</summary>
    private sealed class ClaimCollector
    {
        private readonly OrderedDictionary<string, ClaimRecord> _claims = [];

        public IReadOnlyList<ClaimRecord> Claims
        {
            get
            {
                lock (_claims)
                    return [.. _claims.Values];
            }
        }

        public void Observe(MimeBundle bundle)
        {
            if (!bundle.Data.TryGetValue(ClaimRecord.MimeType, out var content))
                return;
            var claim = ClaimRecord.FromJson((JsonNode)content);
            lock (_claims)
                _claims[claim.Id] = claim;
        }
    }
}
