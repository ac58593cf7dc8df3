using System.Runtime.InteropServices;

namespace Attn.Host.Cli;

/// <summary>Turns Ctrl-C and a termination signal into a cancelled token, so that files are left whole and the session ends in order.</summary>
internal sealed class UserInterrupt : IDisposable
{
    /// <summary>The exit code of a program that the user has interrupted.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    public UserInterrupt()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                // The second one ends the process as it would without us.
                context.Cancel = !_source.IsCancellationRequested;
                _source.Cancel();
            }));
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _source.Dispose();
    }
}
