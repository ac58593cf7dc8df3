namespace Attn.Host.Session;

/// <summary>
/// Stops what a thread does. An abort ends code that never waits; an interrupt ends a wait, on whose return the abort would have to wait.
/// Both are sent from other threads: an abort holds its sender until it has arrived.
/// </summary>
internal sealed class Interrupter(Thread thread) : IDisposable
{
    /// <summary>An abort alone ends most code at once, and is best left undisturbed for so long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly CancellationTokenSource _abort = new();
    private Task? _sending;

    /// <summary>Cancelled to abort what <see cref="System.Runtime.ControlledExecution"/> runs.</summary>
    public CancellationToken Abort => _abort.Token;

    /// <summary>Begins to stop the thread, until <see cref="End"/>.</summary>
    public void Start()
    {
        lock (_gate)
            _sending ??= _ended.IsSet ? Task.CompletedTask : Task.Run(Send);
    }

    /// <summary>Called on the thread when it has left what was to be stopped: nothing hits it after this returns.</summary>
    public void End()
    {
        Outlast(_ended.Set);
        Outlast(() =>
        {
            Task? sending;
            lock (_gate)
                sending = _sending ??= Task.CompletedTask;
            sending.Wait();
        });
        Outlast(() => Thread.Sleep(1)); // An interrupt that found no wait is pending still, for the next one.
    }

    public void Dispose()
    {
        _ended.Dispose();
        _abort.Dispose();
    }

    private void Send()
    {
        var aborting = Task.Run(_abort.Cancel);
        while (!_ended.Wait(Grace))
            thread.Interrupt();
        aborting.Wait();
    }

    private static void Outlast(Action action)
    {
        while (true)
        {
            try
            {
                action();
                return;
            }
            catch (ThreadInterruptedException)
            {
            }
        }
    }
}
