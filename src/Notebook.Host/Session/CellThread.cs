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

    private void Interruptible(Func<Task> work, CancellationToken cancellation)
    {
        using var interrupter = new Interrupter(_thread);
        using var registration = cancellation.UnsafeRegister(static interrupter => ((Interrupter)interrupter!).Start(), interrupter);
        try
        {
#pragma warning disable SYSLIB0046 // Meant for interactive shells, which is what this is.
            ControlledExecution.Run(() => Pump(work, cancellation), interrupter.Abort);
#pragma warning restore SYSLIB0046
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        finally
        {
            interrupter.End();
        }
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
