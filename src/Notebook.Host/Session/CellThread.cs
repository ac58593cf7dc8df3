using System.Collections.Concurrent;
using System.Runtime;

namespace Attn.Host.Session;

/// <summary>
/// The one thread on which cells run: dispose scopes are thread-local, and an interrupt must know whom to hit. Continuations of an
/// awaiting cell come back to it.
/// </summary>
internal sealed class CellThread : IDisposable
{
    private readonly BlockingCollection<Action> _cells = [];
    private readonly Thread _thread;

    public CellThread()
    {
        // A cell may recurse deeply; the default of 8 MiB is for the main thread alone on some systems.
        _thread = new Thread(Loop, maxStackSize: 16 << 20) { IsBackground = true, Name = "cells" };
        _thread.Start();
    }

    /// <summary>Runs <paramref name="work"/> to its end, or until cancelled, in which case the task ends with an <see cref="OperationCanceledException"/>.</summary>
    /// <param name="work">The cell.</param>
    /// <param name="scope">Opened on the thread before the cell and disposed after it, also when the cell is abandoned while it awaits.</param>
    /// <param name="cancellation">Interrupts the cell.</param>
    public Task RunAsync(Func<Task> work, Func<IDisposable?> scope, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cells.Add(() =>
        {
            try
            {
                using (scope())
                    Interruptible(work, cancellation);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    public void Dispose() => _cells.CompleteAdding();

    private void Loop()
    {
        foreach (var cell in _cells.GetConsumingEnumerable())
            cell();
    }

    /// <summary>
    /// An abort ends a loop that never waits; an interrupt ends a wait that the abort would only see returning. The two are sent from
    /// another thread, since an abort holds its sender until it has arrived.
    /// </summary>
    private void Interruptible(Func<Task> work, CancellationToken cancellation)
    {
        using var abort = new CancellationTokenSource();
        using var ended = new ManualResetEventSlim();
        var sender = Task.CompletedTask;
        using (cancellation.Register(() => sender = Task.Run(() => Interrupt(abort, ended))))
        {
            try
            {
#pragma warning disable SYSLIB0046 // Meant for interactive shells, which is what this is.
                ControlledExecution.Run(() => Pump(work, cancellation), abort.Token);
#pragma warning restore SYSLIB0046
            }
            catch (Exception) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }
            finally
            {
                ended.Set();
            }
        }

        OutlastInterrupts(() => sender.Wait());
        OutlastInterrupts(() => Thread.Sleep(1)); // One may be pending still, for the next thing that waits.
    }

    private static void OutlastInterrupts(Action wait)
    {
        while (true)
        {
            try
            {
                wait();
                return;
            }
            catch (ThreadInterruptedException)
            {
            }
        }
    }

    private void Interrupt(CancellationTokenSource abort, ManualResetEventSlim ended)
    {
        var aborting = Task.Run(abort.Cancel);
        while (!ended.Wait(20))
            _thread.Interrupt();
        aborting.GetAwaiter().GetResult();
    }

    private static void Pump(Func<Task> work, CancellationToken cancellation)
    {
        var context = new PumpedContext();
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            var task = work();
            context.PumpUntil(task, cancellation);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }
}
