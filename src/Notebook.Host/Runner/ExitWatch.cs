namespace Attn.Host.Runner;

/// <summary>Tells of a cell that ends the program (<c>Environment.Exit</c>) in the middle of a run, which has not succeeded then.</summary>
internal sealed class ExitWatch : IDisposable
{
    private readonly Action<int> _exits;
    private readonly CancellationToken _interrupted;

    /// <param name="exits">Called with the exit code.</param>
    /// <param name="interrupted">Cancelled when it is the user who ends the program.</param>
    public ExitWatch(Action<int> exits, CancellationToken interrupted)
    {
        (_exits, _interrupted) = (exits, interrupted);
        AppDomain.CurrentDomain.ProcessExit += Exiting;
    }

    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= Exiting;

    private void Exiting(object? sender, EventArgs e)
    {
        if (_interrupted.IsCancellationRequested)
            return;
        _exits(Environment.ExitCode);
        if (Environment.ExitCode == 0)
            Environment.ExitCode = 1;
    }
}
