using System.Globalization;
using System.Runtime.InteropServices;

namespace Attn.Host.Jupyter;

/// <summary>
/// Tells a kernel to end: when the program that started it is gone, or asks the process to. Ctrl-C on a shared terminal is for the front
/// end, which sends an interrupt of its own.
/// </summary>
internal sealed class ParentWatch : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Timer? _timer;

    public ParentWatch()
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _source.Cancel();
        }));
        if (int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), CultureInfo.InvariantCulture, out var parent) && OperatingSystem.IsLinux())
            _timer = new Timer(_ => EndWithout(parent), null, 1000, 1000);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _timer?.Dispose();
        _signals.ForEach(signal => signal.Dispose());
    }

    private void EndWithout(int parent)
    {
        if (!Directory.Exists($"/proc/{parent}"))
            _source.Cancel();
    }
}
