using System.Text.Json.Nodes;
using Attn.Host.Session;

namespace Attn.Host.Jupyter;

/// <summary>A C# kernel for Jupyter (messaging protocol 5.5): requests one after another on shell, at once on control.</summary>
internal sealed class Kernel : IAsyncDisposable
{
    private const int MinThreads = 16;

    /// <summary>Has .NET finish a socket's work on the thread that waits for sockets; it reads it when the first socket is made.</summary>
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    private readonly KernelSockets _sockets;
    private readonly CSharpSession _session = new(new OutputRest(), expectant: true) { NeedsPlotlyScript = true };
    private readonly System.Threading.Channels.Channel<JupyterMessage> _shell = System.Threading.Channels.Channel.CreateUnbounded<JupyterMessage>();
    private readonly TextWriter _log;
    private readonly InputRequests _inputs;
    private readonly Executions _executions;
    private readonly IReadOnlyDictionary<string, RequestHandler> _handlers;

    public Kernel(ConnectionInfo connection, TextWriter log)
    {
        _log = log;
        // Else each message needs a thread of the pool, and a cell's parallel loop may hold them all: an interrupt would not get through.
        Environment.SetEnvironmentVariable(InlineCompletions, "1");
        _sockets = new KernelSockets(connection, Received);
        _inputs = new InputRequests(_sockets);
        var history = new History(HistoryFile.OfUser());
        _executions = new Executions(_session, _sockets, history, _inputs);
        var comms = new Comms(_sockets, _executions, connection.KernelId);
        _session.Comms = comms;
        _handlers = RequestTable.Create(_session, _executions, history, comms);
    }

    /// <summary>Serves until the front end shuts the kernel down, or <paramref name="cancellation"/>.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = cancellation.Register(Shutdown);
        using var exit = new ExitNotice(_executions, _sockets);
        // A cell may fill the pool; answers must still get through.
        ThreadPool.SetMinThreads(MinThreads, MinThreads);
        _ = WarmUpAsync();
        var shell = ServeShellAsync();
        await Task.Factory.StartNew(_sockets.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _shell.Writer.TryComplete();
        _executions.Interrupt();
        await shell;
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _sockets.Dispose();
    }

    // The first cell comes before the first question.
    private async Task WarmUpAsync()
    {
        await _session.WarmUpAsync();
        await Task.WhenAny(_executions.First, Task.Delay(Idle));
        await _session.Language.WarmUp();
    }

    private void Received(Channel channel, JupyterMessage message)
    {
        if (channel == Channel.Stdin)
        {
            _inputs.Received(message);
            return;
        }

        if (channel == Channel.Control)
        {
            _ = AnswerAsync(Channel.Control, message);
            return;
        }

        _executions.Queued(message);
        _shell.Writer.TryWrite(message);
    }

    private async Task ServeShellAsync()
    {
        await foreach (var message in _shell.Reader.ReadAllAsync())
            await AnswerAsync(Channel.Shell, message);
    }

    private async Task AnswerAsync(Channel channel, JupyterMessage request)
    {
        // What a newer front end asks and this kernel does not know is left without an answer, as the protocol wants it.
        if (!_handlers.TryGetValue(request.Type, out var handler))
            return;
        Status(request, "busy");
        try
        {
            var reply = await handler(request);
            if (reply is not null)
                _sockets.Send(channel, request.Reply(request.Type.Replace("_request", "_reply", StringComparison.Ordinal), reply));
        }
        catch (Exception e)
        {
            _log.WriteLine($"attn kernel: {request.Type}: {e}");
            _sockets.Send(channel, request.Reply(
                request.Type.Replace("_request", "_reply", StringComparison.Ordinal),
                new JsonObject { ["status"] = "error", ["ename"] = e.GetType().Name, ["evalue"] = e.Message, ["traceback"] = new JsonArray() }));
        }
        finally
        {
            Status(request, "idle");
        }

        if (request.Type == "shutdown_request")
            Shutdown();
    }

    private void Status(JupyterMessage request, string state) => _sockets.Send(Channel.IoPub, request.Publication("status", new() { ["execution_state"] = state }));

    private void Shutdown()
    {
        _executions.Interrupt();
        _sockets.Stop();
    }
}
