using System.Diagnostics;

namespace Attn.Host.Session;

/// <summary>
/// Stops what a thread does. Code that looks whether it is interrupted is given time to see it, since it knows best where to stop; a wait
/// is ended by an interrupt; what heeds neither is aborted in the end. Interrupts and aborts are sent from other threads: an abort holds
/// its sender until it has arrived.
/// </summary>
internal sealed class Interrupter(Thread thread) : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(60), Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>An abort may end the whole process on some systems: only for what would else run for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly CancellationTokenSource _abort = new();
    private Thread? _sending;
    private bool _began;

    /// <summary>Cancelled to abort what <see cref="System.Runtime.ControlledExecution"/> runs.</summary>
    public CancellationToken Abort => _abort.Token;

    /// <summary>Whether an abort was sent to the thread: the runtime delivers only one in a thread's life.</summary>
    public bool HasAborted { get; private set; }

    /// <summary>Begins to stop the thread, until <see cref="End"/>.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_began || _ended.IsSet)
                return;
            _began = true;
            _sending = Background(Send);
        }
    }

    /// <summary>Called on the thread when it has left what was to be stopped: nothing hits it after this returns.</summary>
    public void End()
    {
        Outlast(_ended.Set);
        Outlast(() =>
        {
            Thread? sending;
            lock (_gate)
                sending = _sending;
            sending?.Join();
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
        var clock = Stopwatch.StartNew();
        Thread? aborting = null;
        for (var wait = Grace; !_ended.Wait(wait); wait = Pause)
        {
            thread.Interrupt();
            // An exception that left a backward pass through libtorch would end the process.
            if (clock.Elapsed < Patience || HasAborted || CellBackward.IsRunning)
                continue;
            HasAborted = true;
            aborting = Background(_abort.Cancel);
        }

        aborting?.Join();
    }

    // Not from the pool, which the cell may have filled with work that waits for what is to be interrupted.
    private static Thread Background(Action action)
    {
        var thread = new Thread(() => action()) { IsBackground = true, Name = "interrupt" };
        thread.Start();
        return thread;
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
