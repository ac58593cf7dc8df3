using System.Text.Json.Nodes;
using Attn.Host.Session;

namespace Attn.Host.Jupyter;

/// <summary>Runs cells for the front end.</summary>
internal sealed class Executions(CSharpSession session, KernelSockets sockets)
{
    private readonly Lock _gate = new();
    private readonly HashSet<JupyterMessage> _queued = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<JupyterMessage> _aborted = new(ReferenceEqualityComparer.Instance);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _running;
    private int _count;

    /// <summary>Ends when a cell has run.</summary>
    public Task First => _first.Task;

    /// <summary>A message has come in and waits for its turn.</summary>
    public void Queued(JupyterMessage request)
    {
        if (request.Type != "execute_request")
            return;
        lock (_gate)
            _queued.Add(request);
    }

    /// <summary>Interrupts the cell that runs, if one does.</summary>
    public void Interrupt()
    {
        lock (_gate)
            _running?.Cancel();
    }

    public async Task<JsonObject?> RunAsync(JupyterMessage request)
    {
        var silent = request.Content.Flag("silent", false);
        using var interrupt = new CancellationTokenSource();
        lock (_gate)
        {
            _queued.Remove(request);
            if (_aborted.Remove(request))
                return new() { ["status"] = "aborted", ["execution_count"] = _count };
            if (!silent && request.Content.Flag("store_history", true))
                _count++;
            _running = interrupt;
        }

        var code = request.Content.Text("code");
        if (!silent)
            sockets.Send(Channel.IoPub, request.Publication("execute_input", new() { ["code"] = code, ["execution_count"] = _count }));
        var output = new KernelOutput(sockets, request, _count, silent);
        var result = await session.RunAsync(code, output, interrupt.Token);
        _first.TrySetResult();
        lock (_gate)
        {
            _running = null;
            if (!result.Succeeded && request.Content.Flag("stop_on_error", true))
                _aborted.UnionWith(_queued);
        }

        return result.Error is { } error ? Failed(output, error) : new()
        {
            ["status"] = "ok",
            ["execution_count"] = _count,
            ["payload"] = new JsonArray(),
            ["user_expressions"] = new JsonObject(),
        };
    }

    private JsonObject Failed(KernelOutput output, CellError error)
    {
        var content = new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["traceback"] = new JsonArray([.. error.Traceback.Prepend($"{error.Name}: {error.Message}").Select(line => (JsonNode)line)]),
        };
        output.Error(content);
        content["status"] = "error";
        content["execution_count"] = _count;
        return content;
    }
}
