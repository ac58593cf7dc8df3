using System.Text.Json.Nodes;
using Attn.Host.Session;

namespace Attn.Host.Jupyter;

/// <summary>Runs cells for the front end.</summary>
internal sealed class Executions(CSharpSession session, KernelSockets sockets, History history, InputRequests inputs)
{
    private readonly Lock _gate = new();
    private readonly List<JupyterMessage> _queued = [];
    private readonly HashSet<JupyterMessage> _aborted = new(ReferenceEqualityComparer.Instance);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _running;
    private JupyterMessage? _interrupted;

    /// <summary>Ends when a cell has run.</summary>
    public Task First => _first.Task;

    /// <summary>The request whose cell runs; null between cells.</summary>
    public JupyterMessage? Current { get; private set; }

    /// <summary>Cells that have been counted.</summary>
    public int Count { get; private set; }

    /// <summary>A message has come in and waits for its turn.</summary>
    public void Queued(JupyterMessage request)
    {
        if (request.Type != "execute_request")
            return;
        lock (_gate)
            _queued.Add(request);
    }

    /// <summary>Interrupts the cell that runs; when none does, the one that is next.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            if (_running is null)
                _interrupted = _queued.FirstOrDefault();
            else
                _running.Cancel();
        }
    }

    public async Task<JsonObject?> RunAsync(JupyterMessage request)
    {
        var silent = request.Content.Flag("silent", false);
        var stored = !silent && request.Content.Flag("store_history", true);
        using var interrupt = new CancellationTokenSource();
        lock (_gate)
        {
            _queued.Remove(request);
            if (_aborted.Remove(request))
                return new() { ["status"] = "aborted", ["execution_count"] = Count };
            if (stored)
                Count++;
            // From here on an interrupt is for this cell.
            _running = interrupt;
            if (_interrupted == request)
                interrupt.Cancel();
            _interrupted = null;
        }

        var code = request.Content.Text("code");
        if (!silent)
            sockets.Send(Channel.IoPub, request.Publication("execute_input", new() { ["code"] = code, ["execution_count"] = Count }));
        Current = request;
        var reply = await Ended(RunAsync(request, code, new KernelOutput(sockets, inputs, request, Count, silent, interrupt.Token), stored, interrupt.Token));
        Current = null;
        _first.TrySetResult();
        if (reply["status"]!.ToString() == "error" && request.Content.Flag("stop_on_error", true))
            lock (_gate)
                _aborted.UnionWith(_queued);
        reply["execution_count"] = Count;
        return reply;
    }

    /// <summary>Runs a callback that a cell left behind; what it shows belongs to the message that called for it.</summary>
    public async Task CallAsync(JupyterMessage request, Action callback)
    {
        using var interrupt = new CancellationTokenSource();
        lock (_gate)
            _running = interrupt;
        var output = new KernelOutput(sockets, inputs, request, Count, silent: false, interrupt.Token);
        var result = await Ended(session.CallAsync(callback, output, interrupt.Token));
        if (result.Error is { } error)
            output.Error(ErrorContent.Of(error));
    }

    private async Task<JsonObject> RunAsync(JupyterMessage request, string code, KernelOutput output, bool stored, CancellationToken interrupt)
    {
        var pages = new JsonArray();
        CellError? error = null;
        if (Question.Of(code) is var (name, detailed))
            pages.Add((JsonNode)Question.Page(await session.Language.InspectAsync(name, name.Length, detailed, interrupt) ?? $"Nothing is known of '{name}'."));
        else
            error = (await session.RunAsync(code, stored ? CellNames.Of(Count) : CellNames.Unnumbered, output, interrupt)).Error;
        if (stored)
            history.Add(Count, code, output.ResultText);
        if (error is not null)
        {
            output.Error(ErrorContent.Of(error));
            return ErrorContent.Of(error, "error");
        }

        return new()
        {
            ["status"] = "ok",
            ["payload"] = pages,
            ["user_expressions"] = await UserExpressions.EvaluateAsync(request.Content.Object("user_expressions"), session, interrupt),
        };
    }

    private async Task<T> Ended<T>(Task<T> run)
    {
        try
        {
            return await run;
        }
        finally
        {
            lock (_gate)
                _running = null;
        }
    }
}
