using Attn.Host.Notebooks;

namespace Attn.Host.Cli;

/// <summary>Runs a verb: what the user can mend is one line and exit code 2, an interrupt is exit code 130.</summary>
internal static class Guarded
{
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> verb)
    {
        using var interrupt = new UserInterrupt();
        var error = Console.Error;
        try
        {
            return await verb(interrupt.Token);
        }
        catch (NotebookFormatException e)
        {
            error.WriteLine($"attn: {e.Message}");
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"attn: {e.Message}");
            return 2;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            error.WriteLine("attn: interrupted; nothing was written of the notebook that ran.");
            return UserInterrupt.ExitCode;
        }
    }
}
