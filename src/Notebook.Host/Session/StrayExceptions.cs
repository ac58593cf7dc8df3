using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Attn.Host.Session;

/// <summary>Keeps the process alive when a thread that a cell started throws: the session's variables are worth more than the thread.</summary>
internal static class StrayExceptions
{
    private static int _handled;

    /// <summary>From now on such an exception goes to standard error. The runtime takes one handler in a process's life.</summary>
    public static void Report()
    {
        if (Interlocked.Exchange(ref _handled, 1) == 0)
            ExceptionHandling.SetUnhandledExceptionHandler(Handle);
    }

    private static bool Handle(Exception e)
    {
        if (!new StackTrace(e, fNeedFileInfo: true).GetFrames().Any(frame => frame.GetFileName() is { } file && CellNames.IsCell(file)))
            return false;
        if (CellChecks.IsInterrupt(e))
            return true;
        Console.Error.WriteLine($"A thread that a cell started ended with {e.GetType().Name}: {e.Message}");
        return true;
    }
}
