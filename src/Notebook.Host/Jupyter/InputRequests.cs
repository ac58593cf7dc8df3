using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>Asks the front end that runs a cell for a line of text.</summary>
internal sealed class InputRequests(KernelSockets sockets)
{
    private Asked? _waiting;

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
        var question = cell.Reply("input_request", new JsonObject { ["prompt"] = prompt, ["password"] = hidden });
        var asked = new Asked(question);
        Volatile.Write(ref _waiting, asked);
        try
        {
            sockets.Send(Channel.Stdin, question);
            asked.Answer.Task.Wait(cancellation);
            return asked.Answer.Task.Result;
        }
        finally
        {
            // A cell that was interrupted waits no longer; what is answered now is not for the next question.
            Interlocked.CompareExchange(ref _waiting, null, asked);
        }
    }

    /// <summary>A message has come on the channel for answers; one that is for no question that is open is dropped.</summary>
    public void Received(JupyterMessage message)
    {
        if (message.Type == "input_reply" && Volatile.Read(ref _waiting) is { } asked && asked.IsAnsweredBy(message))
            asked.Answer.TrySetResult(message.Content.Text("value"));
    }

    private sealed class Asked(JupyterMessage question)
    {
        public TaskCompletionSource<string> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Not every front end says which question it answers; each says who it is.
        public bool IsAnsweredBy(JupyterMessage message) =>
            message.Identities.Count == question.Identities.Count
            && message.Identities.Zip(question.Identities).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))
            && message.Parent.Text("msg_id") is var id && (id.Length == 0 || id == question.Header.Text("msg_id") || id == question.Parent.Text("msg_id"));
    }
}
