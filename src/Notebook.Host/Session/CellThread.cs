using System.Collections.Concurrent;
using System.Runtime;

namespace Attn.Host.Session;

/// <summary>
/// The thread on which cells run, one at a time: dispose scopes are thread-local, and an interrupt must know whom to hit. Continuations of an
/// awaiting cell come back to it. After an abort another takes its place, since the runtime never delivers a thread a second one.
/// </summary>
internal sealed class CellThread : IDisposable
{
    private readonly BlockingCollection<Action> _cells = [];
    private bool _spent;

    public CellThread() => Start();

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

    // A cell may recurse deeply; the default of 8 MiB is for the main thread alone on some systems.
    private void Start() => new Thread(Loop, maxStackSize: 16 << 20) { IsBackground = true, Name = "cells" }.Start();

    private void Loop()
    {
        foreach (var cell in _cells.GetConsumingEnumerable())
        {
            cell();
            if (!_spent)
                continue;
            _spent = false;
            Start();
            return;
        }
    }

    private void Interruptible(Func<Task> work, CancellationToken cancellation)
    {
        using var interrupter = new Interrupter(Thread.CurrentThread);
        using var registration = cancellation.UnsafeRegister(
            static interrupter =>
            {
                CellChecks.Arm();
                ((Interrupter)interrupter!).Start();
            },
            interrupter);
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
            _spent = interrupter.HasAborted;
        }
    }

    private static void Pump(Func<Task> work, CancellationToken cancellation)
    {
        var context = new PumpedContext();
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        CellChecks.Begin(cancellation);
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
