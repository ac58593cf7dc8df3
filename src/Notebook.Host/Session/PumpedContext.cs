using System.Collections.Concurrent;

namespace Attn.Host.Session;

/// <summary>Runs continuations on the thread that pumps it.</summary>
internal sealed class PumpedContext : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

    public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs what is posted until <paramref name="task"/> has ended.</summary>
    public void PumpUntil(Task task, CancellationToken cancellation)
    {
        task.ContinueWith(_ => Post(static _ => { }, null), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            var (callback, state) = _posted.Take(cancellation);
            callback(state);
        }
    }
}
