namespace Attn.Host.Session;

/// <summary>
/// Where a cell's code stops of its own accord when it is interrupted. Calls are put into loops and lambdas when a cell is compiled: worker
/// threads cannot be stopped from outside, a training loop is best stopped between two steps, and the runtime's own way to abort a thread
/// may end the process.
/// </summary>
public static class CellChecks
{
    private static readonly AsyncLocal<CancellationToken> Interrupt = new();
    private static volatile bool _armed;

    /// <summary>Throws if the cell for which this code runs has been interrupted, on whatever thread. Nearly free until one has been.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public static void Check()
    {
        if (_armed)
            Interrupt.Value.ThrowIfCancellationRequested();
    }

    /// <summary>A value, after a look whether the cell goes on.</summary>
    /// <inheritdoc cref="Check"/>
    public static T Then<T>(T value)
    {
        Check();
        return value;
    }

    /// <summary>The code that this thread runs from now on, and the tasks and threads that it starts, belong to a cell with this interrupt.</summary>
    internal static void Begin(CancellationToken interrupt) => Interrupt.Value = interrupt;

    /// <summary>Whether an exception is what <see cref="Check"/> throws on this thread.</summary>
    internal static bool IsInterrupt(Exception e) => e is OperationCanceledException && Interrupt.Value.IsCancellationRequested;

    /// <summary>A cell is interrupted, so that checks must look.</summary>
    internal static void Arm() => _armed = true;
}
