using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>Asks the front end that runs a cell for a line of text.</summary>
internal sealed class InputRequests(KernelSockets sockets)
{
    private TaskCompletionSource<string>? _waiting;

    /// <summary>Waits for the answer.</summary>
    /// <param name="cell">The request that runs the cell which asks.</param>
    /// <param name="prompt">What is asked.</param>
    /// <param name="hidden">Whether the answer must not be seen.</param>
    /// <param name="cancellation">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">The front end takes no questions.</exception>
    public string Ask(JupyterMessage cell, string prompt, bool hidden, CancellationToken cancellation)
    {
        if (!cell.Content.Flag("allow_stdin", false))
            throw new InvalidOperationException("The cell asks for input, and this front end takes none.");
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _waiting, answer);
        sockets.Send(Channel.Stdin, cell.Reply("input_request", new JsonObject { ["prompt"] = prompt, ["password"] = hidden }));
        answer.Task.Wait(cancellation);
        return answer.Task.Result;
    }

    /// <summary>A message has come on the channel for answers; one that nobody waits for is dropped.</summary>
    public void Received(JupyterMessage message)
    {
        if (message.Type == "input_reply")
            Interlocked.Exchange(ref _waiting, null)?.TrySetResult(message.Content.Text("value"));
    }
}
