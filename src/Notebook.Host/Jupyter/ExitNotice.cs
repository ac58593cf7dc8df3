using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>Tells the front end when a cell ends the process (<c>Environment.Exit</c>), so that it does not wait for an answer.</summary>
internal sealed class ExitNotice : IDisposable
{
    private static readonly TimeSpan Delivery = TimeSpan.FromMilliseconds(200);

    private readonly Executions _executions;
    private readonly KernelSockets _sockets;

    public ExitNotice(Executions executions, KernelSockets sockets)
    {
        (_executions, _sockets) = (executions, sockets);
        AppDomain.CurrentDomain.ProcessExit += Exiting;
    }

    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= Exiting;

    private void Exiting(object? sender, EventArgs e)
    {
        if (_executions.Current is not { } request)
            return;
        var note = $"The cell ended the kernel with exit code {Environment.ExitCode}; its variables are gone.\n";
        _sockets.Send(Channel.IoPub, request.Publication("stream", new() { ["name"] = "stderr", ["text"] = note }));
        _sockets.Send(Channel.Shell, request.Reply("execute_reply", new()
        {
            ["status"] = "ok",
            ["execution_count"] = _executions.Count,
            ["payload"] = new JsonArray(new JsonObject { ["source"] = "ask_exit", ["keepkernel"] = false }),
            ["user_expressions"] = new JsonObject(),
        }));
        _sockets.Send(Channel.IoPub, request.Publication("status", new() { ["execution_state"] = "idle" }));
        // The sockets' own thread sends, as long as the process waits here.
        Thread.Sleep(Delivery);
    }
}
